/**
 * What saturates first, from thirty signups a second to a thousand, and what helps: a simulation with the service times
 * that were measured (simulate.ts). `npm run simulate`. It has no network, no checkpoint and no bad day.
 */
import { createRandom } from '../../src/seed/random.js';
import { percentile } from '../rounds.js';
import { type Plan, simulate } from './simulate.js';

const base: Omit<Plan, 'signupsPerSecond' | 'webProcesses'> = {
  seconds: 120,
  coresPerProcess: 4,
  databaseCores: 4,
  relays: 0,
  partitions: 6,
  mailers: 2,
  connectionsPerMailer: 5,
  smtp: 50,
};

const plans: [string, Plan][] = [
  ['10/s: 2 hosts of 4 cores', { ...base, signupsPerSecond: 10, webProcesses: 2 }],
  ['60/s: 2 hosts', { ...base, signupsPerSecond: 60, webProcesses: 2 }],
  ['60/s: 4 hosts', { ...base, signupsPerSecond: 60, webProcesses: 4 }],
  ['60/s: 4 hosts, two relays apart', { ...base, signupsPerSecond: 60, webProcesses: 4, relays: 2 }],
  ['300/s: 20 hosts', { ...base, signupsPerSecond: 300, webProcesses: 20 }],
  [
    '300/s: 20 hosts, 20 connections a mailer',
    { ...base, signupsPerSecond: 300, webProcesses: 20, connectionsPerMailer: 20 },
  ],
  [
    '1,000/s: 70 hosts, 40 connections a mailer',
    { ...base, signupsPerSecond: 1000, webProcesses: 70, connectionsPerMailer: 40 },
  ],
  [
    '1,000/s: the same, two relays apart',
    { ...base, signupsPerSecond: 1000, webProcesses: 70, relays: 2, connectionsPerMailer: 40 },
  ],
  [
    '1,000/s: the same, four mailers of 20 connections',
    { ...base, signupsPerSecond: 1000, webProcesses: 70, relays: 2, mailers: 4, connectionsPerMailer: 20 },
  ],
];

const percent = (share: number) => `${Math.round(share * 100)} %`;
const time = (sorted: number[], share: number) => {
  const milliseconds = percentile(sorted, share);
  return milliseconds < 2_000 ? `${Math.round(milliseconds)} ms` : `${Math.round(milliseconds / 1_000)} s`;
};
console.log(
  '| plan | refused | answer p50, p99 | inbox p50, p99 | hashing | database | relay | mailer | SMTP | behind |',
);
console.log('| - | - | - | - | - | - | - | - | - | - |');
for (const [what, plan] of plans) {
  const { refused, answers, mails, utilisation, behind } = simulate({ ...plan, random: createRandom(7) });
  const busy = Object.values(utilisation).map(percent).join(' | ');
  const cells = [what, percent(refused), `${time(answers, 0.5)}, ${time(answers, 0.99)}`];
  console.log(`| ${cells.join(' | ')} | ${time(mails, 0.5)}, ${time(mails, 0.99)} | ${busy} | ${behind} |`);
}
