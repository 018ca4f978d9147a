import { readFileSync } from 'node:fs';
import type { FaultCodeOf } from '../faults.js';
import { ownRequire } from '../own-require.js';
import { withoutSurroundingSpace } from './surrounding-space.js';

export type LanguageFault = FaultCodeOf<'LANGUAGE'>;
export type CanonicalLanguageTag = { ok: true; tag: string } | { ok: false; fault: LanguageFault };

/**
 * The canonical form of a valid BCP 47 language tag (RFC 5646 section 2.2.9): well formed, canonicalised (section
 * 4.5), every subtag of the result in IANA's registry, 35 characters at most (section 4.4.1). `EN-us` gives `en-US`,
 * `zh-cmn-Hans` and `zh-Hans` give the same, `zh-yue` gives `yue`. White space around it is removed.
 *
 * Refused although well formed: private use in any place (`qaa`, `x-foo`, `en-Qaaa`, `en-ZZ`), extensions (`en-u-…`:
 * they say how to write, not what to speak), what names no language anybody speaks (the registry's special codes `mis`,
 * `mul`, `und` and `zxx`, and its collections: `art`, `sla`), and no script anybody writes (`Zxxx`, `Zzzz`, …).
 * Deprecated subtags (mostly canonicalised into their successors) and variants outside their recommended prefix are
 * valid by the RFC, and pass.
 *
 * The first call reads the registry (1 MB, some 20 ms). Never throws.
 */
export function canonicalLanguageTag(given: string): CanonicalLanguageTag {
  const text = withoutSurroundingSpace(given);
  const known = valid.get(text);
  if (known) return known;
  const result = canonicalise(text);
  if (result.ok && valid.size < mostKept) valid.set(text, result);
  return result;
}

/** By what was typed: Intl takes longer over a tag than all other checks of a signup together. */
const valid = new Map<string, CanonicalLanguageTag>();
/** People speak some hundred languages. Whoever makes up tags fills it, and the rest is worked out each time. */
const mostKept = 1000;

function canonicalise(text: string): CanonicalLanguageTag {
  if (!/^[a-z0-9-]+$/i.test(text) || text.length > 35) return malformed;
  if (privateUse.test(text)) return unknown;

  let tag: string | undefined;
  try {
    // In capitals, because V8 takes two lower-case letters as they are: `bh` stays `bh`, and `BH` becomes `bho`.
    [tag] = Intl.getCanonicalLocales(withoutOldForms(text).toUpperCase());
  } catch {
    return malformed;
  }
  if (tag === undefined || tag.length > 35) return malformed;

  return tag.split('-').every(isRegistered) ? { ok: true, tag } : unknown;
}

/** Looked for in what was typed: Unicode makes `EU` of QU (967 by its number), and `Zinh` of Qaai. */
const privateUse = /^q[a-t][a-z](?:-|$)|-(?:qa[ab][a-z]|aa|q[m-z]|x[a-z]|zz|967)(?:-|$)/i;

/**
 * Languages to choose from, in a prompt or a select: the living ones with a two-letter code (ISO 639-1) in their
 * canonical form, with English names, sorted by name. A convenience: `canonicalLanguageTag` accepts many more.
 */
export function languageChoices(): { tag: string; name: string }[] {
  const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
  const tagsByName = new Map<string, string>();
  for (const code of subtags().language) {
    if (code.length > 2 || notLiving.has(code)) continue;
    const canonical = canonicalLanguageTag(code);
    // A few old codes stand for a script besides a language (`sh` for `sr-Latn`): no choice of their own.
    if (!canonical.ok || canonical.tag.includes('-')) continue;
    const name = names.of(canonical.tag);
    // Two codes with one name (`ak` and `tw`, both Akan to Unicode) make one choice.
    if (name !== undefined && !tagsByName.has(name)) tagsByName.set(name, canonical.tag);
  }
  return [...tagsByName]
    .map(([name, tag]) => ({ tag, name }))
    .toSorted((one, other) => one.name.localeCompare(other.name, 'en'));
}

/** Two-letter codes of ISO 639-3's ancient languages: Avestan, Church Slavic, Latin, Pali, Sanskrit. */
const notLiving = new Set(['ae', 'cu', 'la', 'pi', 'sa']);

/** ISO 15924's codes for what is inherited, mathematics, symbols (with emoji), unwritten, undetermined or uncoded. */
const notWritten = new Set(['zinh', 'zmth', 'zsye', 'zsym', 'zxxx', 'zyyy', 'zzzz']);

const malformed: CanonicalLanguageTag = { ok: false, fault: 'LANGUAGE_MALFORMED' };
const unknown: CanonicalLanguageTag = { ok: false, fault: 'LANGUAGE_UNKNOWN' };

/**
 * Intl speaks Unicode's dialect of BCP 47, which left out extended language subtags and irregular grandfathered tags.
 * RFC 5646 section 4.5 says what to write in their place: the registry's preferred value, or the extlang alone.
 */
function withoutOldForms(text: string): string {
  const { preferredTags, extlangPrefixes } = subtags();
  const lower = text.toLowerCase();
  const preferred = preferredTags.get(lower);
  if (preferred !== undefined) return preferred;
  const [primary, second, ...rest] = lower.split('-');
  return second !== undefined && extlangPrefixes.get(second) === primary ? [second, ...rest].join('-') : text;
}

/** A subtag's form and place say what it is (RFC 5646 section 2.1); a singleton starts an extension, and is in no set. */
function isRegistered(subtag: string, index: number): boolean {
  const { language, script, region, variant } = subtags();
  const lower = subtag.toLowerCase();
  if (index === 0) return language.has(lower);
  if (/^[a-z]{4}$/.test(lower)) return script.has(lower);
  if (/^(?:[a-z]{2}|[0-9]{3})$/.test(lower)) return region.has(lower);
  return variant.has(lower);
}

type Kind = 'language' | 'script' | 'region' | 'variant';

interface Subtags extends Record<Kind, Set<string>> {
  /** Grandfathered and redundant tags, in lower case, to what replaced them. */
  preferredTags: Map<string, string>;
  /** Extended language subtags to the one language each may follow. */
  extlangPrefixes: Map<string, string>;
}

interface RegistryRecord {
  Type: Kind | 'extlang' | 'grandfathered' | 'redundant';
  Subtag?: string;
  Tag?: string;
  Description: string[];
  Scope?: string;
  Prefix?: string[];
  'Preferred-Value'?: string;
}

let loaded: Subtags | undefined;

function subtags(): Subtags {
  return (loaded ??= readRegistry());
}

function readRegistry(): Subtags {
  // Read, not imported: a module's cache would keep the whole megabyte.
  const path = ownRequire().resolve('language-subtag-registry/data/json/registry.json');
  const records = JSON.parse(readFileSync(path, 'utf8')) as RegistryRecord[];
  const result: Subtags = {
    language: new Set(),
    script: new Set(),
    region: new Set(),
    variant: new Set(),
    preferredTags: new Map(),
    extlangPrefixes: new Map(),
  };
  for (const record of records) {
    // The ranges (qaa..qtz, Qaaa..Qabx, QM..QZ, XA..XZ) as well as AA and ZZ are described so.
    if (record.Description.includes('Private use')) continue;
    if (record.Scope === 'special' || record.Scope === 'collection') continue;
    const name = (record.Subtag ?? record.Tag ?? '').toLowerCase();
    if (record.Type === 'script' && notWritten.has(name)) continue;
    if (record.Type === 'extlang') {
      result.extlangPrefixes.set(name, record.Prefix?.[0] ?? '');
    } else if (record.Type === 'grandfathered' || record.Type === 'redundant') {
      if (record['Preferred-Value'] !== undefined) result.preferredTags.set(name, record['Preferred-Value']);
    } else {
      result[record.Type].add(name);
    }
  }
  return result;
}
