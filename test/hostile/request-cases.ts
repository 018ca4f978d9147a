import { createFakePublisher, linkOf } from '../fluentmeet/test-instance.js';
import { type AreaReport, createTally } from './area.js';
import { methods } from './cases/methods.js';
import { type RequestCase, requests, signupLine } from './cases/requests.js';
import { type TokenCase, type TokenState, tokens } from './cases/tokens.js';
import { contractFault } from './contract-answer.js';
import { authPath, type HostileHost, signUpSomebody, startHostileHost } from './hostile-host.js';
import { type RawResponse, rawRequest, requestText } from './raw-request.js';
import { createSignupChecker, timesInWords } from './signup-check.js';
import { faultOf } from './signup-cases.js';

/** Headers, methods and tokens, as bytes on a socket. */
export async function runRequestCases(): Promise<AreaReport[]> {
  return [await runHeaders(), await runMethods(), await runTokens()];
}

/** Behind one trusted proxy, so that every forwarded header is looked at; and with a relay, whose links are looked at. */
async function runHeaders(): Promise<AreaReport> {
  const tally = createTally('headers and framing');
  const publisher = createFakePublisher();
  const host = await startHostileHost({ options: { publisher }, trustProxy: 1 });
  const times: number[] = [];
  try {
    await host.fluentmeet.start();
    const checker = createSignupChecker(host);
    for (const [index, one] of requests.entries()) {
      const address = `request-${index}@example.com`;
      tally.count(
        one.name,
        await faultOf(async () => {
          const start = performance.now();
          const response = await rawRequest(host.port, bytesOf(one, address));
          times.push(performance.now() - start);
          if (response.status === 201) checker.expectAnotherAccount();
          await checker.requireWholeRows();
          return requestFault(one, response);
        }),
      );
    }
    await waitFor(async () => {
      const [row] = await host.query<{ waiting: string }>(
        `select count(*) as waiting from email_outbox where status = 'pending'`,
      );
      return row!.waiting === '0';
    });
    const links = publisher.published.map(linkOf);
    const forged = links.filter(
      (link) => !link.startsWith(`https://app.example.com${authPath}/verify-email?token=`),
    );
    tally.check(
      'no link by a forged header',
      links.length > 20 && forged.length === 0,
      `${forged.length} forged`,
    );
    return tally.report(`${timesInWords(times)}, ${links.length} links`);
  } finally {
    await host.stop();
  }
}

function bytesOf({ line = signupLine, headers, body, bytes }: RequestCase, address: string): string | Buffer {
  if (bytes !== undefined) return bytes;
  const text =
    typeof body === 'function'
      ? body(address)
      : (body ?? JSON.stringify({ email: address, password: 'MyStr0ngP@ss!' }));
  return requestText(
    line,
    headers.map((header) => header.replace('#', String(Buffer.byteLength(text)))),
    text,
  );
}

function requestFault(expected: RequestCase, response: RawResponse): string | null {
  const statuses = [expected.status].flat();
  if (!statuses.includes(response.status)) return `answered ${response.text.slice(0, 300) || 'nothing'}`;
  const finals = [...response.text.matchAll(/HTTP\/1\.1 (?!100)\d{3} /g)].length;
  if (finals > 1) return `${finals} answers to one request`;
  if (expected.code && !response.body.includes(`"code":"${expected.code}"`))
    return `answered ${response.body}`;
  // Node's own parser answers without a body; all that has one is the contract's, but for the host's own 404.
  if (response.body === '' || response.status === 404) return null;
  return contractFault({
    status: response.status,
    headers: { get: (name) => response.headers[name] ?? null },
    text: response.body,
  });
}

async function runMethods(): Promise<AreaReport> {
  const tally = createTally('methods');
  const host = await startHostileHost();
  const times: number[] = [];
  try {
    for (const [method, route, status, allow] of methods) {
      const start = performance.now();
      const name = `${method} ${route}`;
      const line = `${method} ${authPath}${route} HTTP/1.1`;
      tally.count(
        name,
        await faultOf(async () => {
          const response = await rawRequest(host.port, requestText(line, ['Host: x', 'Content-Length: 0']));
          times.push(performance.now() - start);
          if (response.status !== status) return `answered ${response.text.slice(0, 200) || 'nothing'}`;
          return response.headers['allow'] === allow ? null : `Allow: ${response.headers['allow']}`;
        }),
      );
    }
    return tally.report(timesInWords(times));
  } finally {
    await host.stop();
  }
}

async function runTokens(): Promise<AreaReport> {
  const tally = createTally('tokens');
  const host = await startHostileHost();
  const times: number[] = [];
  try {
    for (const one of tokens) {
      const account = await signUpSomebody(host);
      await bringInto(host, one.state ?? 'live', account.id);
      tally.count(
        one.name,
        await faultOf(async () => {
          const start = performance.now();
          const response = await rawRequest(host.port, tokenRequest(one, account.token));
          times.push(performance.now() - start);
          const [row] = await host.query<{ is_verified: boolean }>(
            'select is_verified from users where id = $1',
            [account.id],
          );
          return tokenFault(one, response, account.token, row?.is_verified);
        }),
      );
    }
    return tally.report(timesInWords(times));
  } finally {
    await host.stop();
  }
}

async function bringInto({ query }: HostileHost, state: TokenState, userId: number): Promise<void> {
  const expiresIn = (interval: string) =>
    `update verification_tokens set expires_at = now() + interval '${interval}' where user_id = $1`;
  const statements: Record<TokenState, string | undefined> = {
    live: undefined,
    'expired by a second': expiresIn('-1 second'),
    'seconds to live': expiresIn('3 seconds'),
    verified: 'update users set is_verified = true where id = $1',
    deleted: 'update users set deleted_at = now() where id = $1',
    inactive: 'update users set is_active = false where id = $1',
  };
  const statement = statements[state];
  if (statement) await query(statement, [userId]);
}

function tokenRequest({ method = 'POST', query, body, type, accept }: TokenCase, token: string): string {
  const search = query ? `?${query(token)}` : '';
  const text = body?.(token) ?? '';
  return requestText(
    `${method} ${authPath}/verify-email${search} HTTP/1.1`,
    [
      'Host: app.example.com',
      ...(accept ? [`Accept: ${accept}`] : []),
      ...(body ? [`Content-Type: ${type ?? 'application/json'}`] : []),
      ...(method === 'POST' ? [`Content-Length: ${Buffer.byteLength(text)}`] : []),
    ],
    text,
  );
}

function tokenFault(
  expected: TokenCase,
  response: RawResponse,
  token: string,
  isVerified: boolean | undefined,
): string | null {
  const { status, headers, body } = response;
  if (status !== expected.status) return `answered ${response.text.slice(0, 300) || 'nothing'}`;
  if ((isVerified ?? false) !== (expected.verifies ?? false))
    return `the account is ${isVerified ? '' : 'not '}verified`;
  if (expected.code && !body.includes(`"code":"${expected.code}"`)) return `answered ${body.slice(0, 300)}`;
  if (headers['cache-control'] !== 'no-store') return 'may be cached';
  if (headers['content-type']?.startsWith('text/html')) return pageFault(response);
  if (body.includes(token)) return 'echoes the token';
  return contractFault({ status, headers: { get: (name) => headers[name] ?? null }, text: body });
}

function pageFault({ headers, body }: RawResponse): string | null {
  if (headers['referrer-policy'] !== 'strict-origin') return 'no Referrer-Policy';
  if (!headers['content-security-policy']?.startsWith("default-src 'none'")) return 'no strict policy';
  return /<script|https?:\/\//i.test(body) ? 'a script, or something of another origin' : null;
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await condition()) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
