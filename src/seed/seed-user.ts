import { getOrMake } from '../get-or-make.js';
import { canonicalEmailAddress } from '../users/email-address.js';
import { canonicalFullName } from '../users/full-name.js';
import { type Name, type NameSet, nameSetFor } from './names.js';
import { createRandom, scramble } from './random.js';

export interface SeedUser {
  email: string;
  fullName: string;
  speakingLanguage: string;
  listeningLanguage: string;
  isVerified: boolean;
}

export interface SeedRequest {
  seed: number;
  /** Share of verified users, 0 to 1. */
  verified: number;
  /** Canonical tags, at least one. */
  languages: readonly string[];
}

/** Reserved for documentation and tests (RFC 2606, RFC 6761): no mail can ever reach anybody there. */
const domains = [
  'example.com',
  'example.org',
  'example.net',
  'mail.example.com',
  'students.example.org',
  'fluentmeet.test',
  'mail.test',
  'office.example',
] as const;

/** How many hear the meeting in another language than they speak. */
const translatedShare = 0.8;

/**
 * Makes the users of a seed one by one. The same request and index always make the same user, so that a larger count
 * only adds users, and the addresses of one seed all differ.
 */
export function createSeedUsers({ seed, verified, languages }: SeedRequest): (index: number) => SeedUser {
  const sets = languages.map((tag) => nameSetFor(tag));
  const names = new Map<string, string>();

  const fullNameOf = (set: NameSet, given: Name, family: Name): string => {
    const joined = set.join(given.written, family.written);
    return getOrMake(names, joined, () => {
      const canonical = canonicalFullName(joined);
      if (!canonical.ok || canonical.text === null) throw new Error(`not a name: ${joined}`);
      return canonical.text;
    });
  };

  return (index) => {
    const number = scramble(index ^ scramble(seed));
    const random = createRandom(number);
    const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
    const speaking = Math.floor(random() * languages.length);
    const set = sets[speaking] as NameSet;
    const given = pick(set.given);
    const family = pick(set.family);
    const email = canonicalEmailAddress(
      `${given.ascii}.${family.ascii}.${number.toString(36)}@${pick(domains)}`,
    );
    if (!email.ok) throw new Error(`not an address, made of ${given.ascii} and ${family.ascii}`);
    const step = random() < translatedShare ? 1 + Math.floor(random() * (languages.length - 1)) : 0;
    return {
      email: email.address,
      fullName: fullNameOf(set, given, family),
      speakingLanguage: languages[speaking] as string,
      listeningLanguage: languages[(speaking + step) % languages.length] as string,
      isVerified: random() < verified,
    };
  };
}
