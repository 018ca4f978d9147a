import { Clock, Station } from './station.js';

/** Milliseconds of a core, as `bench/results.md` and docs/scaling.md have them, or of somebody else's server. */
export const measured = {
  /** `hash-cost`: bcrypt at cost 12. */
  hash: 211,
  /** `signup-overhead`: everything else of a signup in its process. */
  web: 1.9,
  /** The database's share of a signup: its two statements, in its backends. */
  signupInDatabase: 0.8,
  /** `commit-to-kafka`, less Kafka: a claim and its settling, however few emails. */
  batchInDatabase: 2,
  /** `cost-growth`: 15.8 ms a batch of 500. */
  emailInDatabase: 0.03,
  /** `relay-drain`: 19,600 emails a second of one core. */
  relay: 0.051,
  /** `mailer`: 628 mails a second of one core. */
  mailer: 1.6,
};

export interface Plan {
  signupsPerSecond: number;
  seconds: number;
  webProcesses: number;
  coresPerProcess: number;
  databaseCores: number;
  /** Relays apart from the web processes, which look every two seconds. 0: each web process has its own, woken at once. */
  relays: number;
  partitions: number;
  mailers: number;
  connectionsPerMailer: number;
  /** Milliseconds that the mail provider takes for one mail. */
  smtp: number;
  random?: () => number;
}

export interface Outcome {
  /** Of all signups. */
  refused: number;
  /** Milliseconds from the request to its 201, sorted. */
  answers: number[];
  /** Milliseconds from the commit to the accepted mail, sorted. */
  mails: number[];
  /** Of the time of each: 1 is full. */
  utilisation: { hashing: number; database: number; relay: number; mailer: number; smtp: number };
  /** Mails that were not there yet at the end. */
  behind: number;
}

/** As the relay has it. */
const batchSize = 1_000;
const poll = 2_000;
const gatherPerEmail = 2;
const gatherMost = 100;
/** Those that wait in line for each one that is hashed; the next answer is 503. */
const roomPerHash = 32;

/** A signup from the request to the inbox, in as many processes as the plan has. */
export function simulate(plan: Plan): Outcome {
  const random = plan.random ?? Math.random;
  const clock = new Clock();
  const about = (mean: number) => mean * (0.8 + 0.4 * random());
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  const { webProcesses, coresPerProcess: cores } = plan;
  const stations = (count: number, servers: number, room?: number) =>
    Array.from({ length: count }, () => new Station(clock, servers, room));
  const web = stations(webProcesses, cores, roomPerHash * cores);
  const database = new Station(clock, plan.databaseCores);
  const relays = stations(plan.relays || webProcesses, 1);
  const mailers = stations(plan.mailers, 1);
  const smtp = stations(plan.mailers, plan.connectionsPerMailer);
  const answers: number[] = [];
  const mails: number[] = [];
  let pending: number[] = [];
  let signups = 0;
  let committed = 0;

  function arrive(): void {
    clock.in(exponential(1_000 / plan.signupsPerSecond), arrive);
    const at = clock.now;
    const process = Math.floor(random() * webProcesses);
    signups++;
    web[process]!.ask(about(measured.hash + measured.web), () =>
      database.ask(exponential(measured.signupInDatabase), () => {
        answers.push(clock.now - at);
        pending.push(clock.now);
        committed++;
        if (plan.relays === 0) wake(process);
      }),
    );
  }

  const isAtWork = relays.map(() => false);
  let gather = 0;
  function wake(index: number): void {
    if (isAtWork[index]) return;
    isAtWork[index] = true;
    clock.in(gather, () => claim(index));
  }

  function claim(index: number): void {
    const batch = pending.slice(0, batchSize);
    pending = pending.slice(batchSize);
    gather = Math.min(gatherMost, batch.length * gatherPerEmail);
    const inDatabase = measured.batchInDatabase + batch.length * measured.emailInDatabase;
    database.ask(inDatabase, () =>
      relays[index]!.ask(batch.length * measured.relay, () => {
        batch.forEach(publish);
        isAtWork[index] = false;
        if (pending.length > 0 && (plan.relays === 0 || batch.length === batchSize)) wake(index);
      }),
    );
  }

  function publish(at: number): void {
    // A partition has one mailer; more mailers than partitions have nothing to do.
    const mailer = Math.floor(random() * plan.partitions) % plan.mailers;
    mailers[mailer]!.ask(measured.mailer, () =>
      smtp[mailer]!.ask(exponential(plan.smtp), () => mails.push(clock.now - at)),
    );
  }

  function look(index: number): void {
    clock.in(poll * (0.75 + 0.5 * random()), () => look(index));
    wake(index);
  }

  arrive();
  relays.forEach((_, index) => look(index));
  clock.run(plan.seconds * 1_000);
  const mean = (all: readonly Station[]) =>
    all.reduce((sum, { utilisation }) => sum + utilisation, 0) / all.length;
  return {
    refused: web.reduce((sum, { refused }) => sum + refused, 0) / signups,
    answers: answers.toSorted((one, other) => one - other),
    mails: mails.toSorted((one, other) => one - other),
    utilisation: {
      hashing: mean(web),
      database: database.utilisation,
      relay: mean(relays),
      mailer: mean(mailers),
      smtp: mean(smtp),
    },
    behind: committed - mails.length,
  };
}
