import { verifyPassword } from '../../src/passwords/password-hash.js';
import { contractFault } from './contract-answer.js';
import { countRows, type HostileHost, type RowCounts, storedUser } from './hostile-host.js';

export interface SignupAnswer {
  status: number;
  code: string | undefined;
  /** Fields of the details, in their order. */
  fields: string[];
  text: string;
  /** Of the new account. */
  id: number | undefined;
  milliseconds: number;
}

export interface ExpectedUser {
  email?: string;
  password?: string;
  full_name?: string | null;
  speaking_language?: string;
  listening_language?: string;
}

/** No answer may take longer: hashing at cost 4 and a few statements take some milliseconds, a busy machine more. */
export const boundedTime = 3_000;

/** Sends signups one by one, and after each looks whether the answer is the contract's and nothing is half written. */
export function createSignupChecker(
  host: HostileHost,
  before: RowCounts = { users: 0, tokens: 0, emails: 0 },
) {
  let accounts = before.users;
  const times: number[] = [];

  return {
    times,
    /** @throws Error for whatever no answer to a signup may be */
    async send(body: string | Buffer, headers: Record<string, string>): Promise<SignupAnswer> {
      const start = performance.now();
      const response = await fetch(`${host.url}/signup`, { method: 'POST', headers, body });
      const text = await response.text();
      const milliseconds = performance.now() - start;
      times.push(milliseconds);
      if (milliseconds > boundedTime) throw new Error(`took ${Math.round(milliseconds)} ms`);
      const fault = contractFault({ status: response.status, headers: response.headers, text });
      if (fault) throw new Error(`not the contract's answer: ${fault}`);
      if (response.status === 201) accounts += 1;
      await this.requireWholeRows();
      const { code, details, id } = JSON.parse(text) as {
        code?: string;
        details?: { field: string }[];
        id?: number;
      };
      return {
        status: response.status,
        code,
        fields: details?.map(({ field }) => field) ?? [],
        text,
        id,
        milliseconds,
      };
    },
    /** For signups that somebody else sent. */
    expectAnotherAccount(): void {
      accounts += 1;
    },
    async requireWholeRows(): Promise<void> {
      const { users, tokens, emails } = await countRows(host);
      if (users !== accounts || tokens !== accounts || emails !== accounts) {
        throw new Error(`${accounts} accepted, but ${users} users, ${tokens} tokens, ${emails} emails`);
      }
    },
    /** What is stored of the account, compared with what was expected and with the answer: null, or the difference. */
    async storedFault(answer: SignupAnswer, expected: ExpectedUser): Promise<string | null> {
      const stored = await storedUser(host, answer.id as number);
      if (!stored) return 'is not stored';
      const { password, ...columns } = expected;
      const profile = JSON.parse(answer.text) as Record<string, unknown>;
      for (const [column, value] of Object.entries(columns)) {
        const kept = stored[column as keyof typeof columns];
        if (kept !== value) return `${column} is stored as ${JSON.stringify(kept)}`;
        if (profile[column] !== value) return `${column} is answered as ${JSON.stringify(profile[column])}`;
      }
      if (!stored.is_active || stored.is_verified || stored.deleted_at) return 'is no new account';
      if (stored.created_at.toISOString() !== profile['created_at']) return 'created_at differs';
      if (Math.abs(Date.now() - stored.created_at.getTime()) > 60_000) return 'created_at is not now';
      const hash = stored.hashed_password;
      const formats = password === undefined ? [shortHash, longHash] : [hashFormatOf(password)];
      if (!formats.some((format) => format.test(hash))) return 'the hash is of another format';
      if (password !== undefined && !(await verifyPassword(password, hash))) {
        return 'the password is not the one that was sent';
      }
      return null;
    },
  };
}

const shortHash = /^\$2b\$04\$.{53}$/;
const longHash = /^\$bcrypt-sha256\$v=2,t=2b,r=4\$.{22}\$.{31}$/;

/** bcrypt takes 72 bytes. */
const hashFormatOf = (password: string) => (Buffer.byteLength(password) > 72 ? longHash : shortHash);

export type SignupChecker = ReturnType<typeof createSignupChecker>;

/** `p99 4 ms, slowest 32 ms` */
export function timesInWords(times: readonly number[]): string {
  if (times.length === 0) return 'nothing timed';
  return `p99 ${Math.round(percentile(times, 0.99))} ms, slowest ${Math.round(Math.max(...times))} ms`;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
