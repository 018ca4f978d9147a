import type { Stage } from './stage.js';

/** One fault: what it is, what must hold in spite of it, and how it is brought about. */
export interface Row {
  /** For the command line. */
  name: string;
  title: string;
  expect: Expectation;
  play(stage: Stage): Promise<void>;
}

export interface Expectation {
  /** Whether a crash, a lost acknowledgement or a missed deadline makes duplicates unavoidable. */
  duplicates: 'none' | 'possible' | 'certain';
  /** Whether signups are answered 503. Default: none is; where it is certain and none is, the fault did not bite. */
  unavailable?: 'possible' | 'certain';
  /** Seconds from the end of the fault until all signed up before it have their event, and signups work. */
  recovery: number;
  /** Whether signups are as fast during the fault as without it. Default false. */
  keepsLatency?: boolean;
  /** An event of the relays without which the fault did not bite. */
  event?: string;
  /** Whether each relay published some of the emails. */
  sharedWork?: boolean;
  /** Emails whose failures are their own spend attempts; an outage spends none. */
  attempts?: boolean;
  /** Links are issued anew, so that a person may get two events. */
  reissues?: boolean;
  /** The database goes on from a moment before the fault: what it had not heard of is forgotten, and counted. */
  behind?: boolean;
  /** Connections that end without an answer: only where a host is stopped. */
  refused?: boolean;
}
