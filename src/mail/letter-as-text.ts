import type { CheckedBrand } from '../brand.js';
import { mailtoAddress } from '../mailto-address.js';
import type { ChosenWords } from '../words/choose-words.js';
import { fill, say } from '../words/say.js';
import type { Letter, Sayer } from './letter.js';

/** Says sentences for a mail in plain text: values in another direction than the sentence are isolated (Unicode UAX 9). */
export function textSayer({ words, dir }: ChosenWords): Sayer<string> {
  const isolate = (value: string): string =>
    dir === 'rtl' || rightToLeftLetter.test(value) ? `\u2068${value}\u2069` : value;
  return (key, ...[values]) => {
    const isolated = Object.entries<string>(values ?? {}).map(([name, value]) => [name, isolate(value)]);
    return fill(words[key], Object.fromEntries(isolated));
  };
}

const rightToLeftLetter =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/** The mail in plain text, a paragraph a sentence and each link on a line of its own. */
export function letterAsText(letter: Letter<string>, chosen: ChosenWords, brand: CheckedBrand): string {
  const { greeting, text, action, until, why } = letter;
  const { supportUrl } = brand;
  const support = supportUrl && supportLines(chosen, supportName(supportUrl));
  const paragraphs = [
    greeting,
    text,
    action && `${action.label}\n${action.url}`,
    until,
    why,
    support,
    `-- \n${brand.name}`,
  ];
  return `${paragraphs.filter(Boolean).join('\n\n')}\n`;
}

/** The link stands alone: mail clients take an isolate beside it for a part of it. */
function supportLines({ words }: ChosenWords, support: string): string {
  const lines = say(words, 'mail.support', { support: `\n${support}\n` }).split('\n');
  return lines
    .map((line) => line.trim())
    .filter(Boolean)
    .join('\n');
}

/** What a reader sees of the link to help: an address, or the page without what goes without saying. */
export function supportName(url: string): string {
  return mailtoAddress(url) ?? url;
}
