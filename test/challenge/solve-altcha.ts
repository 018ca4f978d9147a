import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import type { Challenge } from 'altcha-lib/types';

/** As the page of a browser does it, by ALTCHA's own library: the value of the field `altcha`. */
export async function solveAltcha(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return solved((await response.json()) as Challenge);
}

export async function solved(challenge: Challenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey });
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
}
