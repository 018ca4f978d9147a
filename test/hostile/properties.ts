import fc from 'fast-check';
import { domainToASCII } from 'node:url';
import { type AreaReport, createTally } from './area.js';
import { type HostileHost, startHostileHost } from './hostile-host.js';
import { createSignupChecker, type SignupAnswer, type SignupChecker, timesInWords } from './signup-check.js';

export interface PropertyOptions {
  runs: number;
  seconds: number;
  seed?: number;
}

const json = { 'content-type': 'application/json' };

/**
 * Whatever is sent as a signup: one of the contract's answers in bounded time, no 500, no value echoed, no row half
 * written (the checker's part), and what is accepted is stored exactly.
 *
 * @param runs of each property, or as many as fit into `seconds`
 * @param seed of fast-check, to see a failure again
 */
export async function runProperties({ runs, seconds, seed }: PropertyOptions): Promise<AreaReport> {
  const tally = createTally('properties of the body');
  const host = await startHostileHost();
  try {
    const checker = createSignupChecker(host);
    const messages = await collectMessages(checker);
    let sent = 0;
    let accepted = 0;
    const send = async (
      body: string | Buffer,
      headers: Record<string, string> = json,
    ): Promise<SignupAnswer> => {
      const answer = await checker.send(body, headers);
      sent += 1;
      if (answer.status === 201) accepted += 1;
      return answer;
    };
    for (const [name, property] of Object.entries(propertiesOf(host, checker, send, messages))) {
      const result = await fc.check(untilTimeIsUp(property as fc.IAsyncProperty<unknown>, seconds), {
        numRuns: runs,
        ...(seed === undefined ? {} : { seed }),
      });
      tally.count(name, result.failed ? counterexample(result) : null);
    }
    return tally.report(`${sent} requests, ${accepted} accepted, ${timesInWords(checker.times)}`);
  } finally {
    await host.stop();
  }
}

/** Not fast-check's own time limit: that goes on while a request is still under way, which then confuses the next count. */
function untilTimeIsUp<T>(property: fc.IAsyncProperty<T>, seconds: number): fc.IAsyncProperty<T> {
  const deadline = performance.now() + seconds * 1000;
  const run = async (value: T) => (performance.now() > deadline ? null : property.run(value));
  return Object.assign(Object.create(property), { run }) as fc.IAsyncProperty<T>;
}

function counterexample({ counterexample: found, errorInstance, seed }: fc.RunDetails<unknown>): string {
  return `${(errorInstance as Error | null)?.message ?? 'failed'}, for ${fc.stringify(found)} (seed ${seed})`;
}

type Send = (body: string | Buffer, headers?: Record<string, string>) => Promise<SignupAnswer>;

function propertiesOf(host: HostileHost, checker: SignupChecker, send: Send, messages: string) {
  return {
    'any bytes': fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const answer = await send(Buffer.from(bytes));
      requireOneOf(answer, ['INVALID_JSON', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_ERROR']);
    }),

    'any JSON': fc.asyncProperty(fc.jsonValue({ maxDepth: 6 }), async (value) => {
      const answer = await send(JSON.stringify(value));
      if (answer.status !== 201) requireOneOf(answer, ['VALIDATION_ERROR', 'PAYLOAD_TOO_LARGE']);
      requireNoEcho(answer, value, messages);
    }),

    'near a signup': fc.asyncProperty(nearSignup, async (value) => {
      const answer = await send(JSON.stringify(value));
      requireNoEcho(answer, value, messages);
      if (answer.status !== 201)
        return requireOneOf(answer, ['VALIDATION_ERROR', 'EMAIL_ALREADY_REGISTERED']);
      return requireStored(checker, answer, value as ValidSignup);
    }),

    'a signup is accepted, stored exactly, and taken from then on': fc.asyncProperty(
      validSignup,
      async (signup) => {
        const answer = await send(JSON.stringify(signup));
        if (answer.status !== 201) return requireOneOf(answer, ['EMAIL_ALREADY_REGISTERED']);
        await requireStored(checker, answer, signup);
        const again = { ...signup, email: ` ${signup.email.toUpperCase()}\n` };
        return requireOneOf(await send(JSON.stringify(again)), ['EMAIL_ALREADY_REGISTERED']);
      },
    ),

    'a signup with some fields spoilt is refused, naming those': fc.asyncProperty(
      validSignup,
      fc.dictionary(fc.constantFrom(...Object.keys(spoilt)), fc.constant(null), { minKeys: 1 }),
      fc.infiniteStream(fc.nat()),
      async (signup, chosen, choices) => {
        const wrong = Object.keys(chosen).map((field) => {
          const values = spoilt[field as keyof typeof spoilt];
          return [field, values[choices.next().value! % values.length]] as const;
        });
        const body = { ...signup, ...Object.fromEntries(wrong) };
        const answer = await send(JSON.stringify(body));
        requireOneOf(answer, ['VALIDATION_ERROR']);
        const named = answer.fields.toSorted().join();
        const meant = Object.keys(chosen).toSorted().join();
        if (named !== meant) throw new Error(`names ${named} in the place of ${meant}`);
        requireNoEcho(answer, body, messages);
      },
    ),

    'one byte of a signup changed': fc.asyncProperty(
      validSignup,
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
      async (signup, place, byte) => {
        const bytes = Buffer.from(JSON.stringify(signup));
        bytes[place % bytes.length] = byte;
        const answer = await send(bytes);
        if (answer.status === 201) return;
        requireOneOf(answer, [
          'INVALID_JSON',
          'VALIDATION_ERROR',
          'UNSUPPORTED_MEDIA_TYPE',
          'EMAIL_ALREADY_REGISTERED',
        ]);
      },
    ),

    'more keys set no column': fc.asyncProperty(
      validSignup,
      fc.dictionary(fc.oneof(fc.constantFrom(...columns), fc.string()), fc.jsonValue({ maxDepth: 2 }), {
        maxKeys: 6,
        noNullPrototype: false,
      }),
      async (signup, more) => {
        // As text, since an object literal's `__proto__` would be no key.
        const extra = Object.entries(more).map(
          ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)},`,
        );
        const answer = await send(`{${extra.join('')}${JSON.stringify(signup).slice(1)}`);
        if (answer.status !== 201) {
          return requireOneOf(answer, ['EMAIL_ALREADY_REGISTERED', 'PAYLOAD_TOO_LARGE']);
        }
        return requireStored(checker, answer, signup);
      },
    ),

    'any content type and encoding': fc.asyncProperty(
      validSignup,
      headerValue,
      fc.option(fc.oneof(headerValue, fc.constantFrom('gzip', 'br', 'deflate', 'identity')), {
        nil: undefined,
      }),
      async (signup, type, encoding) => {
        const answer = await send(JSON.stringify(signup), {
          'content-type': type,
          ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
        });
        if (answer.status !== 201) {
          requireOneOf(answer, ['UNSUPPORTED_MEDIA_TYPE', 'INVALID_JSON', 'EMAIL_ALREADY_REGISTERED']);
        }
      },
    ),

    'the same signup several times at once': fc.asyncProperty(
      validSignup,
      fc.integer({ min: 2, max: 8 }),
      async (signup, times) => {
        const body = JSON.stringify(signup);
        const statuses = await Promise.all(
          Array.from({ length: times }, async () => {
            const response = await fetch(`${host.url}/signup`, { method: 'POST', headers: json, body });
            await response.text();
            return response.status;
          }),
        );
        const made = statuses.filter((status) => status === 201).length;
        if (made > 1 || statuses.some((status) => status !== 201 && status !== 409)) {
          throw new Error(`answered ${statuses.join()}`);
        }
        if (made === 1) checker.expectAnotherAccount();
        await checker.requireWholeRows();
      },
    ),
  };
}

interface ValidSignup {
  email: string;
  password: string;
  full_name?: string | null | undefined;
  speaking_language?: string | undefined;
  listening_language?: string | undefined;
}

const atomCharacter = fc.constantFrom(...Array.from("abcXYZ019!#$%&'*+/=?^_`{|}~-"));
const atom = fc.string({ unit: atomCharacter, minLength: 1, maxLength: 12 });
const label = fc
  .string({ unit: fc.constantFrom(...Array.from('abcXYZ019-')), minLength: 1, maxLength: 12 })
  .filter((text) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(text) && !/^..--/.test(text));
const topLevel = fc.constantFrom('com', 'EXAMPLE', 'co.uk', 'bücher', 'пример.рф', '例え.jp', 'ελληνικά');
const serial = fc.nat({ max: 0xffffffff }).map((number) => number.toString(36));

const email = fc
  .tuple(fc.array(atom, { minLength: 1, maxLength: 3 }), serial, label, topLevel)
  .map(([atoms, number, name, top]) => `${[...atoms, number].join('.')}@${name}.${top}`)
  // What a shell or a spreadsheet would act on is refused.
  .filter((address) => !/^[-=+|`]/.test(address));

/** Words alone may be among the most used passwords: fast-check tries `prototype` and its like. */
const mostUsed = /^\w*$/;

const password = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 8, maxLength: 24 }),
    fc.string({ unit: 'binary', minLength: 8, maxLength: 18 }),
    fc.string({ unit: 'binary-ascii', minLength: 8, maxLength: 72 }),
    fc.string({ unit: 'binary', minLength: 900, maxLength: 1000 }),
  )
  .filter((text) => {
    const points = Array.from(text).length;
    return (
      points >= 8 &&
      points <= 1000 &&
      !text.includes('\0') &&
      !/\p{Surrogate}/u.test(text) &&
      !mostUsed.test(text)
    );
  });

/** Letters of many scripts, without what makes an address of them, also in compatible form: ⒈ is a digit and a dot. */
const fullName = fc.oneof(
  fc.constantFrom(
    null,
    '',
    '  ',
    'Ada Lovelace',
    ' Zoë \t',
    '王小明',
    'د. أحمد',
    "O'Brien-Müller",
    '🦜'.repeat(255),
  ),
  fc
    .string({ unit: 'grapheme', maxLength: 60 })
    .map((text) =>
      Array.from(text, (character) =>
        /[\p{C}\p{Zl}\p{Zp}\p{P}\p{S}]/u.test(character + character.normalize('NFKC')) ? ' ' : character,
      ).join(''),
    ),
);

const languageTag = fc.constantFrom(
  'en',
  'EN-us',
  'fr-CA',
  'zh-hant-tw',
  'es-419',
  'SR-latn',
  'pt-br',
  'yue',
);

const validSignup: fc.Arbitrary<ValidSignup> = fc.record(
  { email, password, full_name: fullName, speaking_language: languageTag, listening_language: languageTag },
  { requiredKeys: ['email', 'password'] },
);

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    maxLength: 40,
  }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      'B',
      '.',
      '@',
      '-',
      '_',
      ' ',
      '\n',
      '"',
      '\\',
      '\u212a',
      'ı',
      '\u200b',
      '。',
      '٣',
    ),
    maxLength: 30,
  }),
  fc.emailAddress(),
  fc.webUrl(),
);
const anyValue = fc.oneof(anyText, fc.jsonValue({ maxDepth: 2 }));

const nearSignup = fc.record(
  {
    email: fc.oneof(email, anyValue),
    password: fc.oneof(password, anyValue),
    full_name: fc.oneof(fullName, anyValue),
    speaking_language: fc.oneof(languageTag, anyValue),
    listening_language: fc.oneof(languageTag, anyValue),
    invite: anyValue,
  },
  { requiredKeys: [] },
);

/** Each field's wrong values, with a word in them that no message has. */
const spoilt = {
  email: [
    null,
    7,
    [],
    {},
    'quuxword',
    'quux@word',
    'quux word@example.com',
    'quux@[127.0.0.1]',
    'quuxword\u212a@example.com',
    `${'quux'.repeat(17)}@example.com`,
  ],
  password: [null, 7, [], {}, 'quux', 'quuxword\0', 'quuxword\ud800', 'quuxword'.repeat(126)],
  full_name: [7, [], {}, 'quuxword.com', 'quux\nword', 'quux\u202eword', 'quux'.repeat(64)],
  speaking_language: [null, 7, [], {}, 'quuxword', 'en-ZZ', 'x-quux', 'en_US', 'en-u-ca-quux', ''],
  listening_language: [null, 7, [], {}, 'quuxword', 'qaa', 'und', 'e n'],
};

const columns = [
  ...['id', 'hashed_password', 'is_active', 'is_verified', 'created_at', 'updated_at', 'deleted_at', 'role'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'status'],
];

/** What fetch lets through as a header's value. */
const headerValue = fc.oneof(
  fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    maxLength: 40,
  }),
  fc
    .tuple(
      fc.constantFrom('application/json', 'APPLICATION/JSON', ' application/json '),
      fc.constantFrom(
        '',
        ';',
        '; charset=utf-8',
        ';charset="utf8"',
        '; charset=',
        '; charset=x',
        ';;;',
        '; a=b; charset=UTF-8',
        '; charset="utf-8',
      ),
    )
    .map((parts) => parts.join('')),
);

function requireOneOf({ code, status, text }: SignupAnswer, codes: readonly string[]): void {
  if (code === undefined || !codes.includes(code))
    throw new Error(`answered ${status} ${text.slice(0, 300)}`);
}

/** Independent of the code under test: the contract in as few words as possible. */
async function requireStored(checker: SignupChecker, answer: SignupAnswer, sent: ValidSignup): Promise<void> {
  const address = sent.email.trim();
  const at = address.lastIndexOf('@');
  const domain = address
    .slice(at + 1)
    .split('.')
    .map((part) => (/^\p{ASCII}*$/u.test(part) ? part : domainToASCII(part.normalize('NFC').toLowerCase())));
  const name = (sent.full_name ?? '').trim();
  const nothingVisible = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}]*$/u.test(name);
  const canonical = (tag = 'en'): string => Intl.getCanonicalLocales(tag)[0] as string;
  const fault = await checker.storedFault(answer, {
    email: `${address.slice(0, at)}@${domain.join('.')}`.toLowerCase(),
    password: sent.password,
    full_name: nothingVisible ? null : name,
    speaking_language: canonical(sent.speaking_language),
    listening_language: canonical(sent.listening_language),
  });
  if (fault) throw new Error(fault);
}

/** No text of the input in an error's body, but what stands in the module's messages anyway. */
function requireNoEcho({ status, text }: SignupAnswer, sent: unknown, messages: string): void {
  if (status === 201) return;
  for (const value of textsOf(sent)) {
    if (value.length < 4 || messages.includes(value)) continue;
    if (text.includes(value) || text.includes(JSON.stringify(value).slice(1, -1))) {
      throw new Error(`echoes ${JSON.stringify(value)}`);
    }
  }
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(['email', 'password', 'full_name', 'speaking_language', 'listening_language'].includes(key)
      ? []
      : [key]),
    ...textsOf(inner),
  ]);
}

/** The module's own words, by inputs that hold none of them. */
async function collectMessages(checker: SignupChecker): Promise<string> {
  const bodies = [
    {},
    [],
    ...Object.entries(spoilt).flatMap(([field, values]) =>
      values
        .filter((value) => typeof value !== 'string' || value.includes('quux'))
        .map((value) => ({ [field]: value })),
    ),
    ...['', ' ', '@quux.com', `quux@${'quux.'.repeat(60)}com`].map((address) => ({ email: address })),
  ];
  const texts: string[] = [];
  for (const body of bodies) {
    const { text } = await checker.send(JSON.stringify(body), json);
    if (text.includes('quux')) throw new Error(`echoes: ${text}`);
    texts.push(text);
  }
  texts.push((await checker.send('{', json)).text, (await checker.send('', { 'content-type': 'a/b' })).text);
  return texts.join('\n');
}
