import type { Context } from '../../context.js';
import { type ChosenWords, chooseWords, languagesOf } from '../../words/choose-words.js';
import { type HttpRequest, qualitiesIn, queryOf } from '../http-request.js';

/** Who reads a page: in which words, and in what languages they would like the rest. */
export interface Reader extends ChosenWords {
  /** The language asked for by `?lang=`, kept in every link and form from there on. */
  asked: string | undefined;
  /** By `Accept-Language`, the best first: BCP 47 tags, or what claims to be some. */
  accepted: readonly string[];
  /** Every language that the page can be read in, for a picker. */
  offered: readonly string[];
}

/** By `?lang=`, then `Accept-Language` (RFC 9110, section 12.5.4), else English. */
export function readerOf({ config }: Pick<Context, 'config'>, req: HttpRequest): Reader {
  const lang = queryOf(req).get('lang') ?? '';
  const asked = /^[A-Za-z0-9-]{2,35}$/.test(lang) ? lang : undefined;
  const accepted = acceptedLanguages(req.headers['accept-language']);
  const chosen = chooseWords(asked === undefined ? accepted : [asked, ...accepted], config.words);
  return {
    ...chosen,
    asked: asked === undefined ? undefined : chosen.language,
    accepted,
    offered: languagesOf(config.words),
  };
}

/** More than anybody reads. */
const mostRanges = 20;

function acceptedLanguages(header = ''): string[] {
  return qualitiesIn(header)
    .slice(0, mostRanges)
    .filter(({ value, quality }) => quality > 0 && value !== '' && value !== '*')
    .toSorted((one, other) => other.quality - one.quality)
    .map(({ value }) => value);
}
