/** What is known of whoever chose a password, as it was typed: it may be refused for faults of its own. */
export interface PasswordOwner {
  email?: string | undefined;
  fullName?: string | undefined;
}

/** A host's own blocklist: true for a password that nobody may have. It is asked about passwords that are else in order. */
export type PasswordBlocklist = (password: string, owner: PasswordOwner) => boolean | Promise<boolean>;

/**
 * Whether it is one of the 17,950 most used passwords of 8 characters or more: those that a guesser tries first (NIST SP
 * 800-63B-4 section 3.1.1.2, ASVS 5.0 6.2.4). Compared whole and without regard to letter case.
 *
 * The first call loads the list: some milliseconds, and 2 MB.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  common ??= import('./common-passwords.js').then(
    ({ commonPasswords }) => new Set(commonPasswords.split(/[ \n]/)),
  );
  return (await common).has(folded(password));
}

let common: Promise<ReadonlySet<string>> | undefined;

/**
 * Whether it is the person's own address, the part of it before the @ (with and without its `+tag`), their name or a word
 * of it, or the brand's name. Compared whole, without regard to letter case or to what separates words: `ada.lovelace`
 * is `Ada Lovelace`.
 */
export function isPersonalPassword(
  password: string,
  { email, fullName }: PasswordOwner,
  brand: string,
): boolean {
  const local = email?.slice(0, longestOwn).split('@')[0] ?? '';
  const words = fullName?.slice(0, longestOwn).trim().split(/\s+/) ?? [];
  const own = [
    email ?? '',
    local,
    local.split('+')[0] ?? '',
    ...words,
    words.join(''),
    words.toReversed().join(''),
    brand,
  ];
  const wanted = joined(password);
  return wanted !== '' && own.some((text) => joined(text.slice(0, longestOwn)) === wanted);
}

/** No address and no name is longer. */
const longestOwn = 512;

function joined(text: string): string {
  return folded(text).replace(/[\s\p{P}\p{S}]/gu, '');
}

/** Upper case first: it makes one of letters that lower case leaves two (ß and ss, the two small sigmas). */
function folded(text: string): string {
  return text.normalize('NFC').toUpperCase().toLowerCase();
}
