import { topLevelDomains } from './top-level-domains.js';

/**
 * Whether a mail client would make a link of some part, or a reader an address. Read as both see it: character
 * references and percent-encoding decoded, compatibility forms folded (full-width letters, circled digits), what looks
 * like a dot, a slash or a colon taken for one, `[.]` for the dot that it stands for. Invisible characters (soft hyphen,
 * zero-width ones, direction marks) are tried as nothing and as a break, since clients differ.
 *
 * Telephone numbers are no web addresses, nor is a bare number that could be an IP address, nor a threat in words.
 */
export function holdsWebAddress(text: string): boolean {
  return ['', ' '].some((instead) => {
    const seen = asSeen(text, instead);
    return linked.some((pattern) => pattern.test(seen)) || [...seen.matchAll(dottedWord)].some(looksLikeHost);
  });
}

/** Encodings may stand in one another. Text of 255 characters ends within a few rounds, and hostile text at the fourth. */
function asSeen(text: string, instead: string): string {
  let seen = text;
  for (let round = 0; round < 4; round += 1) {
    const next = decoded(seen)
      .replace(/\p{Default_Ignorable_Code_Point}+/gu, instead)
      .normalize('NFKC')
      .replace(/[\u0660\u06d4\u06f0\u0701\u0702\u2e33\u2e3c\u3002\ua4f8\ua60e\u{10a50}\u{1d16d}]/gu, '.')
      .replace(/[\u1735\u2044\u2215\u2571\u27cb\u29f8\u3033\u31d3]/g, '/')
      .replace(/[\u02d0\u02f8\u0589\u05c3\u2236\ua789]/g, ':')
      .replace(/\s*[[({<]\s*(?:\.|dot)\s*[\])}>]\s*/gi, '.')
      .replace(/\s*[[({<]\s*(?:@|at)\s*[\])}>]\s*/gi, '@');
    if (next === seen) break;
    seen = next;
  }
  return seen;
}

function decoded(text: string): string {
  return text
    .replace(/&#(?:x([0-9a-f]{1,8})|(\d{1,8}));?/gi, (whole, hex?: string, decimal?: string) => {
      const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    })
    .replace(/&([a-z]+);/gi, (whole, name: string) => references[name.toLowerCase()] ?? whole)
    .replace(/(?:%[0-9a-f]{2})+/gi, (whole) => {
      try {
        return decodeURIComponent(whole);
      } catch {
        return whole;
      }
    });
}

/** HTML's names of the characters that make an address, or hide in one. */
const references: Readonly<Record<string, string>> = {
  amp: '&',
  bsol: '\\',
  colon: ':',
  commat: '@',
  equals: '=',
  gt: '>',
  lt: '<',
  lrm: '',
  nbsp: ' ',
  newline: '',
  num: '#',
  percnt: '%',
  period: '.',
  quest: '?',
  rlm: '',
  shy: '',
  sol: '/',
  tab: '',
  zwj: '',
  zwnj: '',
};

const linked = [
  // A scheme, or none: //host is a link where the rest of the page came from.
  /:\/\/|\\\\|\/\/[\p{L}\p{N}[]|:\/(?=\S)/u,
  /(?<![\p{L}\p{N}])(?:h(?:tt|xx|\*\*|__)ps?|ftps?|mailto|tel|sms|javascript|data) ?:/iu,
  /(?<![\p{L}\p{N}])(?:bitcoin|blob|callto|facetime|file|geo|intent|irc|magnet|maps|ms-[a-z-]+|news|sftp|sips?|skype|ssh|tg|vbscript|viber|view-source|webcal|whatsapp|xmpp|zoommtg):\S/iu,
  // What has no scheme inside an element of HTML.
  /(?<![\p{L}\p{N}])(?:action|background|cite|data|formaction|href|poster|src|srcset|xlink:href) ?= ?\S/iu,
  // Numbers that only a machine writes, and those that a path or a port follows.
  /(?<![\p{L}\p{N}])0x[0-9a-f]{2,}(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])\d{8,}(?:\/|:\d)/iu,
  /\[[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*\]/i,
  /(?<![\p{L}\p{N}])localhost(?:[:/]|\b(?=\.))/iu,
];

/**
 * An @ before, the dotted labels (emoji make domains too), and what makes any of them an address when it follows. No first
 * label is longer: a name without a dot would else be read to its end from each of its characters.
 */
const dottedWord =
  /(@?)([\p{L}\p{M}\p{N}\p{So}_-]{1,63}(?:\.[\p{L}\p{M}\p{N}_-]+)+)(?=(\.?(?:\/|[?#]\w|:\d))?)/gu;

/**
 * Tells `evil.com` from `Dr.Smith`, `St.John`, `J.R.R.Tolkien` and `د.أحمد`, all written without a space. The last label
 * decides: an initial or a capitalised word that is no top-level domain is a name. One in lower case is refused even
 * when it is no top-level domain today, since that is how addresses and not names are written, and new domains are
 * delegated every year; a space after the dot always helps.
 */
function looksLikeHost(match: RegExpMatchArray): boolean {
  const [, at, host = '', path] = match;
  const labels = host.split('.');
  const last = labels.at(-1) ?? '';
  if (at !== '' || path !== undefined || /^www\d?$/i.test(labels[0] ?? '')) return true;
  // IPv4, in decimal and octal; hexadecimal is refused above.
  if (labels.length === 4 && labels.every((label) => /^\d{1,11}$/.test(label))) return true;
  const lower = last.toLowerCase();
  return lowerCaseWord.test(last) || lower.startsWith('xn--') || topLevelDomains.has(lower);
}

// Unicode calls everyday Georgian letters lower case, but Georgian writes names in no other.
const lowerCaseWord = /^(?!\p{Script=Georgian})\p{Ll}{2,}$/u;
