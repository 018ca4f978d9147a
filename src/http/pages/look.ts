import { createHash } from 'node:crypto';
import { NotFoundError } from '../../errors.js';
import { Html } from '../../html.js';
import { getOrMake } from '../../get-or-make.js';
import type { Context } from '../../context.js';
import { inkOn } from '../../brand-colours.js';
import type { CheckedBrand } from '../../brand.js';
import { queryOf, type HttpRequest } from '../http-request.js';
import type { Reply } from '../reply.js';
import { challengeScript } from './challenge-script.js';
import { signupScript } from './signup-script.js';
import { solverScript } from './solver-script.js';
import { pageStyle } from './style.js';

/** The answer to `?asset=…`; undefined for any other request. @throws NotFoundError for a name that is none of ours */
export function assetReply(context: Pick<Context, 'config'>, req: HttpRequest): Reply | undefined {
  const name = req.method === 'POST' ? null : queryOf(req).get('asset');
  if (name === null) return undefined;
  const reply = lookOf(context).asset(name);
  if (!reply) throw new NotFoundError('No page of this version loads this.');
  return reply;
}

/** What every page of one instance has in common. */
export type Look = ReturnType<typeof createLook>;

const looks = new WeakMap<CheckedBrand, Look>();

export function lookOf({ config: { brand } }: Pick<Context, 'config'>): Look {
  return getOrMake(looks, brand, () => createLook(brand));
}

function createLook(brand: CheckedBrand) {
  const replies = new Map<string, Reply>();
  const keep = (name: string, extension: string, type: string, source: string): string => {
    const content = compact(source, extension);
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
    const file = `${name}-${hash}.${extension}`;
    // Its name changes with it.
    const headers = { 'Cache-Control': 'public, max-age=31536000, immutable' };
    replies.set(file, { status: 200, headers, content, type });
    return `?asset=${file}`;
  };
  const style = compact(pageStyle(brand.colour), 'css');
  return {
    brand,
    // In the page: a phone far away would wait a quarter longer for one of its own (`npm run bench -- signup-page`).
    style: new Html(`<style>${style}</style>`),
    // As seen from the page itself, wherever that is mounted and whatever proxy stands before it.
    scriptUrl: keep('signup', 'js', 'text/javascript', signupScript),
    challengeUrl: keep('challenge', 'js', 'text/javascript', challengeScript),
    solverUrl: keep('solver', 'js', 'text/javascript', solverScript),
    iconUrl: brand.favicon ?? keep('icon', 'svg', 'image/svg+xml', icon(brand)),
    policy: policyFor(brand, style),
    /** What was asked for by one of these URLs: undefined where it is none of ours. */
    asset: (name: string): Reply | undefined => replies.get(name),
  };
}

/** Without what is for its authors alone. */
function compact(source: string, extension: string): string {
  if (extension === 'css')
    return source.replace(/\s*([{};,]|: )\s*/g, (_, sign: string) => sign.trim()).replaceAll(';}', '}');
  return (
    source
      .replace(/\n\s+/g, '\n')
      .replace(/^\/\/.*\n/gm, '')
      .replace(/(?<=[{};,([])\n|\n(?=[})\]])/g, '')
      // No text of our scripts has one of these.
      .replace(/ ([-+*/<>=!&|?:]+) /g, '$1')
      .replace(/(?<=[{},:;)]) | (?=[{}])|(?<=\b(?:if|for)) /g, '')
      .replaceAll(';}', '}')
  );
}

/** Nothing may be loaded or run but what is ours, the images and the style sheet that the host named apart. */
function policyFor(
  { logo, favicon, stylesheet }: CheckedBrand,
  style: string,
): (scripted: boolean) => string {
  const sources = (ours: string, ...urls: (string | undefined)[]) =>
    [...new Set([ours, ...urls.flatMap((url) => (url === undefined ? [] : new URL(url).origin))])].join(' ');
  const hash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
  const common =
    `default-src 'none'; style-src ${sources(hash, stylesheet)}; img-src ${sources("'self'", logo, favicon)}; ` +
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
  const scripted = `${common}; script-src 'self'; connect-src 'self'`;
  return (isScripted) => (isScripted ? scripted : common);
}

function icon({ colour }: CheckedBrand): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${colour}"/><g fill="${inkOn(colour)}"><path d="M12.5 8a8 8 0 1 0 2.8 15.5A10 10 0 0 1 12.9 16a10 10 0 0 1 2.4-7.5A8 8 0 0 0 12.5 8Z" opacity=".6"/><circle cx="20.5" cy="16" r="6.5"/></g></svg>`;
}
