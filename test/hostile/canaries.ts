import { randomBytes } from 'node:crypto';

/** What may stand in a text besides nothing. */
export interface Allowed {
  /** In the clear. */
  address?: boolean;
  /** The token, alone or in its link. */
  token?: boolean;
}

/** Unique secrets of one run, and the search for them in whatever was written. */
export interface Canaries {
  readonly password: string;
  readonly address: string;
  readonly secret: string;
  /** Of the database's user. */
  readonly databasePassword: string;
  /** Of a user that there is not. */
  readonly wrongPassword: string;
  readonly saslPassword: string;
  readonly redisPassword: string;
  /** From now on these are searched for as well. */
  addTokens(tokens: readonly string[]): void;
  /** What of them stands in the text and may not, in words. */
  leaksIn(text: string, allowed?: Allowed): string[];
}

export function createCanaries(): Canaries {
  const unique = (): string => randomBytes(9).toString('hex');
  // Characters that every encoding writes in another way, so that a leak shows in whichever it was made.
  const password = (name: string): string => `${name}-${unique()}-"&ö`;
  const address = `kanarie.${unique()}@example.com`;
  const own = {
    password: password('pw'),
    address,
    secret: `secret-${unique()}${unique()}`,
    databasePassword: password('db'),
    wrongPassword: password('no'),
    saslPassword: password('sasl'),
    redisPassword: password('redis'),
  };
  const tokens = new Set<string>();
  const { address: _, ...secrets } = own;
  return {
    ...own,
    addTokens: (more) => more.forEach((token) => tokens.add(token)),
    leaksIn(text, allowed = {}) {
      const found = Object.entries(secrets).filter(([, value]) => holds(text, value));
      const names = found.map(([name]) => name);
      if (/\$2[aby]\$\d\d\$[./A-Za-z0-9]{20}/.test(text)) names.push('a password hash');
      if (!allowed.address && holds(text, address.split('@')[0] as string)) names.push('the address');
      if (!allowed.token && /[?&]token=(?!\*)/.test(text)) names.push('a link');
      if (!allowed.token && [...tokens].some((token) => holds(text, token))) names.push('a token');
      return names;
    },
  };
}

/** In any spelling that logs, URLs and JSON give it; and its unique part alone, for one that was cut. */
function holds(text: string, value: string): boolean {
  const bytes = Buffer.from(value);
  const unique = /[0-9a-f]{18}/.exec(value)?.[0] ?? value;
  const spellings = [value, unique, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)];
  const hidden = [
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
  const lower = text.toLowerCase();
  return (
    spellings.some((spelling) => lower.includes(spelling.toLowerCase())) ||
    hidden.some((spelling) => text.includes(spelling.slice(0, -2)))
  );
}
