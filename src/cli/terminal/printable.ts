/**
 * The one way of data to a terminal or a pipe: control characters (escape sequences begin with one), line and
 * paragraph separators, bidirectional overrides and lone surrogates become visible escapes. One line stays one line.
 */
export function printable(text: string): string {
  return text.replace(unsafe, escape);
}

/** JSON in which every such character is a `\u` escape, so that it can be shown on a terminal and still parses. */
export function printableJson(value: unknown): string {
  // The line feeds of the indentation are JSON's own; within strings stringify has escaped them.
  return JSON.stringify(value, null, 2).replace(unsafe, (character) =>
    character === '\n' ? character : unicodeEscape(character),
  );
}

const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escape(character: string): string {
  return shortEscapes[character] ?? unicodeEscape(character);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
