/**
 * Whether the text holds a character that nobody can see, and that no script or emoji needs where it stands: tag
 * characters, fillers, joiners between Latin letters, a second variation selector. Two such names look alike and differ,
 * and a whole message hides in one. Direction marks are no business of this.
 *
 * What has its place (Unicode 16, UAX 31 section 2.3, UTS 51): joiners after a letter of a script that joins or stacks,
 * and between emoji; the variation selectors of emoji, Han, Mongolian, Myanmar and Phags-pa; the tags of a flag; the
 * grapheme joiner between marks; the break of scripts that write without spaces.
 */
export function holdsUnseen(text: string): boolean {
  // The usual name holds none, and is told by one look.
  return ignorable.test(text) && unseen.test(text.replace(inPlace, ''));
}

const ignorable = /\p{Default_Ignorable_Code_Point}/u;

const unseen = /(?![\u061c\u200e\u200f])\p{Default_Ignorable_Code_Point}/u;

const scriptsWithJoiners = [
  ...['Arab', 'Syrc', 'Mong', 'Nkoo', 'Mand', 'Adlm', 'Phag', 'Rohg', 'Tibt', 'Khmr', 'Mymr', 'Laoo'],
  ...['Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml', 'Telu', 'Knda', 'Mlym', 'Sinh', 'Java', 'Bali', 'Newa'],
];

const letterOf = (scripts: readonly string[]): string =>
  `[${scripts.map((script) => `\\p{scx=${script}}`).join('')}]`;

const unspaced = letterOf(['Khmr', 'Thai', 'Laoo', 'Mymr']);

const inPlace = new RegExp(
  [
    // England, Scotland, Wales: a black flag, the letters of the region, an end.
    '\\u{1f3f4}[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{3,6}\\u{e007f}',
    '(?<=\\p{Extended_Pictographic})[\\ufe0e\\ufe0f]',
    '(?<=[0-9#*])\\ufe0f(?=\\u20e3)',
    '(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}]\\ufe0f?)\\u200d(?=\\p{Extended_Pictographic})',
    `(?<=(?![\\u200c\\u200d])${letterOf(scriptsWithJoiners)})[\\u200c\\u200d](?![\\u200c\\u200d])`,
    '(?<=\\p{Script=Han})[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]',
    '(?<=\\p{Script=Mongolian})[\\u180b-\\u180f]',
    '(?<=[\\p{Script=Myanmar}\\p{Script=Phags_Pa}])\\ufe00',
    '(?<=[\\p{L}\\p{M}])\\u034f(?=\\p{M})',
    `(?<=${unspaced})\\u200b(?=${unspaced})`,
  ].join('|'),
  'gu',
);
