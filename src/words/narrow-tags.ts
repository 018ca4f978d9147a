import { getOrMake } from '../get-or-make.js';

/**
 * Of the language tags that somebody asks for, what there is to choose by: the language, with its script where that is not
 * the usual one, and its region where `available` tells regions apart. No variants, no extensions. What is no tag of a
 * language that has a name is left out, and all that comes after one that is available as it stands.
 *
 * Whoever chooses keeps what it works out for each tag, for good, and clients make up as many as they like: of what comes out
 * here there are some thousands in all.
 */
export function narrowTags(tags: readonly string[], available: readonly string[]): string[] {
  const narrowed: string[] = [];
  for (const tag of tags) {
    const exact = sameIn(available, tag);
    const narrow = exact ?? narrowTag(tag, available);
    if (narrow === undefined) continue;
    narrowed.push(narrow);
    if (available.includes(narrow)) break;
  }
  return narrowed;
}

function sameIn(available: readonly string[], tag: string): string | undefined {
  return available.find((one) => one.toLowerCase() === tag.toLowerCase());
}

function narrowTag(tag: string, available: readonly string[]): string | undefined {
  const subtags = subtagsOf(tag);
  if (!subtags) return undefined;
  const { language, script } = subtags;
  const same = available.filter((one) => one.split('-', 1)[0] === language);
  if (same.length > 0) return amongSame(subtags, same);
  if (!exists('language', language)) return undefined;
  if (script === undefined) return language;
  // How near another language is, its region does not say, and in a script that no other has nothing is near.
  return available.some((one) => usualScript(one) === script) ? `${language}-${script}` : undefined;
}

/**
 * `zh-TW` is written in another script than `zh-CN`: the region says which, where the tag does not. A script is left out where
 * it is the usual one of what the rest says, so that it stays in `zh-Hans-HK`; and a region, where none is in its script.
 */
function amongSame({ language, script, region }: Subtags, same: readonly string[]): string {
  const place = region !== undefined && exists('region', region) ? region : undefined;
  const usual = usualScript(language);
  const usualThere = place === undefined ? usual : usualScript(`${language}-${place}`);
  const meant = script ?? usualThere;
  const hasRegions = same.some((one) => /-(?:[A-Z]{2}|[0-9]{3})(?!\w)/.test(one));
  if (place !== undefined && hasRegions && same.some((one) => usualScript(one) === meant)) {
    return `${language}${meant === undefined || meant === usualThere ? '' : `-${meant}`}-${place}`;
  }
  return meant !== undefined && meant !== usual && exists('script', meant)
    ? `${language}-${meant}`
    : language;
}

interface Subtags {
  language: string;
  script: string | undefined;
  region: string | undefined;
}

/** In the letter case of the canonical form (RFC 5646, section 2.1.1). */
function subtagsOf(tag: string): Subtags | undefined {
  if (tag.length > longest || !wellFormed.test(tag)) return undefined;
  const [, language, script, region] = beginning.exec(tag) ?? [];
  if (language === undefined) return undefined;
  return {
    language: language.toLowerCase(),
    script: script && script.charAt(0).toUpperCase() + script.slice(1).toLowerCase(),
    region: region?.toUpperCase(),
  };
}

const longest = 100;
const wellFormed = /^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/i;
const beginning = /^([a-z]{2,3})(?:-([a-z]{4})(?![a-z0-9]))?(?:-([a-z]{2}|[0-9]{3})(?![a-z0-9]))?/i;

type NamedSubtag = 'language' | 'script' | 'region';

/** Megabytes: made once they are asked for, and not as the module is imported. */
const names = new Map<NamedSubtag, Intl.DisplayNames>();

/** Anything of the right form may stand there. */
function exists(type: NamedSubtag, subtag: string): boolean {
  const known = getOrMake(names, type, () => new Intl.DisplayNames('en', { type, fallback: 'none' }));
  return known.of(subtag) !== undefined;
}

/** Of what is available, and of its languages in every region that exists. */
const usualScripts = new Map<string, string | null>();

function usualScript(tag: string): string | undefined {
  return getOrMake(usualScripts, tag, () => new Intl.Locale(tag).maximize().script ?? null) ?? undefined;
}
