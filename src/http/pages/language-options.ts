import { getOrMake } from '../../get-or-make.js';
import { html, Html } from '../../html.js';
import { say } from '../../words/say.js';
import { canonicalLanguageTag, languageChoices } from '../../users/language.js';
import { nameIn } from './page.js';
import type { Reader } from './reader.js';

/** Beside the living languages with two letters (Filipino has them: `tl`): what many people would miss among them. */
const moreTags = ['en-GB', 'en-US', 'es-419', 'fr-CA', 'pt-BR', 'pt-PT', 'yue', 'zh-Hans', 'zh-Hant'];

const start = new Html('<option value=');

let everyTag: readonly string[] | undefined;

/** @param offered the host's list; undefined for every language */
export function languageTags(offered: readonly string[] | undefined): readonly string[] {
  if (offered) return offered;
  return (everyTag ??= [...languageChoices().map(({ tag }) => tag), ...moreTags]);
}

/**
 * The options of a select, in the languages' own names: what the browser reads and its near ones first. Our script adds
 * the names in the page's language, by which they can be searched, too.
 *
 * @param wanted what was sent before; where it is no language, the browser's is selected
 */
export function languageOptions(reader: Reader, tags: readonly string[], wanted: string): Html {
  // What was sent may be anything: only a tag is put into the page, where it stands without quotes.
  const canonical = canonicalLanguageTag(wanted);
  const selected = canonical.ok ? canonical.tag : preselected(reader, tags);
  const suggested = suggestions(reader, tags, selected);
  const first = suggested.map((tag) => option(reader, tag, tag === selected ? ' selected' : ''));
  const rest = [...sorted(reader, tags)].filter(([tag]) => !suggested.includes(tag));
  if (rest.length === 0) return html`${first}`;
  return html`<optgroup label="${say(reader.words, 'signup.languages.suggested')}">${first}</optgroup>
    <optgroup label="${say(reader.words, 'signup.languages.all')}">${rest.map(([, one]) => one)}</optgroup>`;
}

/**
 * Without end tags and quotes, which HTML can do without here: with them the page would be a sixth larger. A tag is of
 * letters, digits and hyphens.
 */
function option(reader: Reader, tag: string, attributes = ''): Html {
  return html`${start}${tag}${attributes}>${ownName(reader, tag)}`;
}

/**
 * The language that was picked for the page, as the browser has it (`fr-CA`); else what the browser asks for first, as near
 * as it is offered; else the page's language, else the first offered.
 */
export function preselected({ accepted, asked, language }: Reader, tags: readonly string[]): string {
  const picked =
    asked === undefined ? [] : [...accepted.filter((tag) => baseOf(tag) === baseOf(asked)), asked];
  const wanted = [...picked, ...accepted, language];
  const found = wanted.map((tag) => nearestTag(tag, tags)).find((tag) => tag !== undefined);
  return found ?? (tags.includes('en') ? 'en' : (tags[0] as string));
}

/** `de-AT` is German, `zh-TW` is written `zh-Hant`, and what is spoken in Mexico is `es-419`. */
function nearestTag(wanted: string, tags: readonly string[]): string | undefined {
  const canonical = canonicalLanguageTag(wanted);
  if (!canonical.ok) return undefined;
  const { language, script, region } = new Intl.Locale(canonical.tag).maximize();
  const american = language === 'es' && region !== 'ES' && /-[A-Z]{2}$/.test(canonical.tag);
  return [
    canonical.tag,
    `${language}-${script}`,
    ...(american ? ['es-419'] : []),
    language,
    ...tags.filter((tag) => baseOf(tag) === language),
  ].find((tag) => tags.includes(tag));
}

function suggestions(reader: Reader, tags: readonly string[], selected: string): string[] {
  const read = [...reader.accepted, reader.language]
    .map((tag) => nearestTag(tag, tags))
    .filter((tag) => tag !== undefined);
  const bases = new Set([selected, ...read].map(baseOf));
  const near = tags.filter((tag) => bases.has(baseOf(tag)) || (tag === 'yue' && bases.has('zh')));
  // A tag that is valid and not among the choices was sent before, and stays.
  return [...new Set([selected, ...read, ...near])].slice(0, 12);
}

function baseOf(tag: string): string {
  const end = tag.indexOf('-');
  return end < 0 ? tag : tag.slice(0, end);
}

const sortedOptions = new WeakMap<readonly string[], Map<string, Map<string, Html>>>();

/** The options of all, by name, for each of the languages that pages are in. */
function sorted(reader: Reader, tags: readonly string[]): Map<string, Html> {
  const byLanguage = getOrMake(sortedOptions, tags, () => new Map<string, Map<string, Html>>());
  return getOrMake(byLanguage, reader.language, () => {
    const { compare } = new Intl.Collator(reader.language);
    const names = new Map(tags.map((tag) => [tag, ownName(reader, tag)]));
    const inOrder = tags.toSorted((one, other) => compare(names.get(one) ?? '', names.get(other) ?? ''));
    return new Map(inOrder.map((tag) => [tag, option(reader, tag)]));
  });
}

const ownNames = new Map<string, string | null>();

/** In the language itself; where its name is not known there, in the page's. */
function ownName({ language }: Reader, tag: string): string {
  let name = ownNames.get(tag);
  if (name === undefined) {
    const names = new Intl.DisplayNames([tag], { type: 'language', languageDisplay: 'standard' });
    const isKnown = baseOf(names.resolvedOptions().locale) === baseOf(tag);
    name = isKnown ? (names.of(tag) ?? null) : null;
    if (ownNames.size < 1000) ownNames.set(tag, name);
  }
  return name ?? nameIn(language, tag);
}
