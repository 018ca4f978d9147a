import { displayWidth } from './display-width.js';

/** Lines of a sentence that break between words. A command at its end stays in one piece: it is there to be copied. */
export function wrapWords(sentence: string, width: number): string[] {
  const [, prose = sentence, command] = /^(.*: )(fluentmeet .*)$/.exec(sentence) ?? [];
  const lines: string[] = [];
  for (const word of [...prose.trimEnd().split(' '), ...(command ? [command] : [])]) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + 1 + displayWidth(word) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
