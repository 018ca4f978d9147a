import { type AreaReport, createTally } from './area.js';
import { addresses } from './cases/addresses.js';
import { bodies } from './cases/bodies.js';
import { languages } from './cases/languages.js';
import { names } from './cases/names.js';
import { passwords } from './cases/passwords.js';
import { goodPassword, startHostileHost } from './hostile-host.js';
import {
  createSignupChecker,
  type ExpectedUser,
  type SignupAnswer,
  type SignupChecker,
  timesInWords,
} from './signup-check.js';

/** Addresses, passwords, names, languages and body shapes: what is answered, and what is stored. */
export async function runSignupCases(): Promise<AreaReport[]> {
  const host = await startHostileHost();
  try {
    const checker = createSignupChecker(host);
    return [
      await runFields(
        checker,
        'addresses',
        addresses.map(([name, email, stored]) => ({
          name,
          body: { email },
          field: 'email',
          stored: stored === null ? null : { email: stored },
        })),
      ),
      await runFields(
        checker,
        'passwords',
        passwords.map(([name, password, taken]) => ({
          name,
          body: { password },
          field: 'password',
          stored: taken ? { password: password as string } : null,
        })),
      ),
      await runFields(
        checker,
        'names',
        names.map(([name, sent, stored]) => ({
          name,
          body: { full_name: sent },
          field: 'full_name',
          stored: stored === undefined ? null : { full_name: stored },
        })),
      ),
      await runFields(
        checker,
        'language tags',
        languages.flatMap(([tag, stored]) =>
          (['speaking_language', 'listening_language'] as const).map((field) => ({
            name: `${field} ${JSON.stringify(tag)?.slice(0, 40)}`,
            body: { [field]: tag },
            field,
            stored:
              stored === null ? null : { speaking_language: 'en', listening_language: 'en', [field]: stored },
          })),
        ),
      ),
      await runBodies(checker),
    ];
  } finally {
    await host.stop();
  }
}

interface FieldCase {
  name: string;
  body: Record<string, unknown>;
  field: string;
  stored: ExpectedUser | null;
}

async function runFields(
  checker: SignupChecker,
  area: string,
  cases: readonly FieldCase[],
): Promise<AreaReport> {
  const tally = createTally(area);
  checker.times.length = 0;
  for (const [index, { name, body, field, stored }] of cases.entries()) {
    const sent = { email: `${area.slice(0, 4)}-${index}@example.com`, password: goodPassword, ...body };
    tally.count(
      name,
      await faultOf(async () => {
        const answer = await checker.send(JSON.stringify(sent), { 'content-type': 'application/json' });
        if (stored === null)
          return refusalFault(answer, 400, 'VALIDATION_ERROR', [field]) ?? echoFault(answer, body);
        if (answer.status !== 201) return `answered ${answer.text.slice(0, 200)}`;
        return checker.storedFault(answer, stored);
      }),
    );
  }
  return tally.report(timesInWords(checker.times));
}

async function runBodies(checker: SignupChecker): Promise<AreaReport> {
  const tally = createTally('body shapes');
  checker.times.length = 0;
  for (const [
    index,
    { name, body, headers, status, code, fields, password = goodPassword },
  ] of bodies.entries()) {
    const address = `body-${String(index).padStart(23, '0')}@example.com`;
    const bytes = typeof body === 'string' ? body.replaceAll('@@', address) : body;
    tally.count(
      name,
      await faultOf(async () => {
        const answer = await checker.send(bytes, headers ?? { 'content-type': 'application/json' });
        if (status !== 201) return refusalFault(answer, status, code, fields);
        if (answer.status !== 201) return `answered ${answer.text.slice(0, 200)}`;
        return checker.storedFault(answer, { password, full_name: null });
      }),
    );
  }
  return tally.report(timesInWords(checker.times));
}

function refusalFault(
  answer: SignupAnswer,
  status: number,
  code: string | undefined,
  fields: readonly string[] = [],
): string | null {
  const asExpected =
    answer.status === status && answer.code === code && answer.fields.join() === fields.join();
  return asExpected ? null : `answered ${answer.status} ${answer.text.slice(0, 300)}`;
}

/** The few values that are too common to tell from the message's own words. */
const wordsOfTheMessages = ['', 'en', 'c', '*', 'ada@', 'toString'];

function echoFault({ text }: SignupAnswer, body: Record<string, unknown>): string | null {
  const [value] = Object.values(body);
  if (typeof value !== 'string' || wordsOfTheMessages.includes(value.trim())) return null;
  return text.includes(value) || text.includes(JSON.stringify(value).slice(1, -1))
    ? 'echoes the value'
    : null;
}

export async function faultOf(work: () => Promise<string | null>): Promise<string | null> {
  try {
    return await work();
  } catch (error) {
    return (error as Error).message;
  }
}
