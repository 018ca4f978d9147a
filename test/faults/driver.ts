import http from 'node:http';

export interface Answer {
  email: string;
  /** 0 where none came. */
  status: number;
  milliseconds: number;
  /** Milliseconds since the epoch. */
  at: number;
  /** Why none came. */
  error?: string;
  /** It went to a host that was still cold. */
  warmUp: boolean;
}

export interface Driver {
  readonly answers: readonly Answer[];
  /** Takes effect with the next signup. */
  target(urls: readonly string[]): void;
  /** Resolves when so many have been answered in all. */
  answered(count: number): Promise<void>;
  /** The next answer with this status to a signup sent after now. */
  next(status: number): Promise<Answer>;
  /** Sends no more, and waits for those that are out. */
  stop(): Promise<void>;
}

/** Beyond it a request counts as hung. */
const patience = 15_000;
const password = 'MyStr0ngP@ss!';

let people = 0;

/** So many signups, a few at a time, before the steady ones: by then the host's code is compiled and its pool is open. */
const warmUp = { signups: 200, atATime: 8 };
/** Of the rate that the last half of the warm-up showed: what a busy machine cannot serve anyway tells of no fault. */
const bearable = 0.4;
/** Beyond it people wait outside: enough to see a stall, and not to make one. */
const mostOut = 40;

/**
 * Signs people up at a steady rate (`perSecond` at most), whether or not the last ones were answered yet: a host that stalls meets as many
 * as it would in life, and their waiting is measured.
 *
 * @param bodyOf more fields for the signup of this number
 */
export async function startDriver(
  urls: readonly string[],
  perSecond: number,
  bodyOf: (index: number) => object = () => ({}),
): Promise<Driver> {
  const agent = new http.Agent({ keepAlive: true });
  const answers: Answer[] = [];
  const listeners = new Set<(answer: Answer) => void>();
  let targets = urls;
  let sent = 0;
  let out = 0;
  let warm = false;
  let stopped = false;

  const signUp = async (index: number): Promise<void> => {
    const email = `person-${process.pid}-${++people}@example.com`;
    const at = Date.now();
    const began = performance.now();
    const cold = !warm;
    out += 1;
    const body = JSON.stringify({ email, password, full_name: `Person ${people}`, ...bodyOf(index) });
    const url = targets[index % targets.length] as string;
    const outcome = await post(agent, url, body).catch((error: Error) => error);
    out -= 1;
    const answer: Answer = {
      email,
      ...(outcome instanceof Error ? { status: 0, error: outcome.message } : { status: outcome }),
      at,
      milliseconds: performance.now() - began,
      warmUp: cold,
    };
    answers.push(answer);
    for (const listen of listeners) listen(answer);
  };
  let half = performance.now();
  const warming = Array.from({ length: warmUp.atATime }, async () => {
    while (sent < warmUp.signups) {
      if (sent === warmUp.signups / 2) half = performance.now();
      await signUp(sent++);
    }
  });
  await Promise.all(warming);
  warm = true;
  const start = performance.now();
  const rate = Math.min(perSecond, (bearable * 1000 * (warmUp.signups / 2)) / (start - half));
  const ticking = setInterval(() => {
    const due = warmUp.signups + Math.floor(((performance.now() - start) / 1000) * rate);
    while (!stopped && sent < due && out < mostOut) void signUp(sent++);
  }, 5);

  const until = (enough: (answer?: Answer) => boolean): Promise<Answer | undefined> =>
    new Promise((resolve) => {
      const listen = (answer?: Answer): void => {
        if (!enough(answer)) return;
        listeners.delete(listen);
        resolve(answer);
      };
      listeners.add(listen);
      listen();
    });

  return {
    answers,
    target(next) {
      targets = next;
    },
    async answered(count) {
      await until(() => answers.length >= count);
    },
    async next(status) {
      const from = Date.now();
      return (await until((answer) => answer?.status === status && answer.at >= from)) as Answer;
    },
    async stop() {
      stopped = true;
      clearInterval(ticking);
      await until(() => out === 0);
      agent.destroy();
    },
  };
}

function post(agent: http.Agent, url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const request = http.request(url, { method: 'POST', agent, headers, timeout: patience }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode as number));
      response.once('error', reject);
    });
    request.once('timeout', () => request.destroy(new Error(`no answer in ${patience / 1000} s`)));
    request.once('error', reject);
    request.end(body);
  });
}
