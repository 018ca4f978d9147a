import { expect } from 'chai';
import { measured, simulate } from '../../bench/simulation/simulate.js';
import { Clock, Station } from '../../bench/simulation/station.js';
import { createRandom } from '../../src/seed/random.js';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the simulation', () => {
  it('has the mean time in a queue that theory gives for exponential arrivals and services', () => {
    const random = createRandom(1);
    const exponential = (of: number) => -of * Math.log(1 - random());
    const clock = new Clock();
    const station = new Station(clock, 1);
    const times: number[] = [];
    const arrive = (): void => {
      const at = clock.now;
      station.ask(exponential(8), () => times.push(clock.now - at));
      clock.in(exponential(10), arrive);
    };
    arrive();
    clock.run(2_000_000);
    // M/M/1: the service, 8, divided by what is left of the server, a fifth.
    expect(mean(times)).to.be.closeTo(40, 4);
    expect(station.utilisation).to.be.closeTo(0.8, 0.02);
  });

  it('refuses whoever finds no room', () => {
    const station = new Station(new Clock(), 1, 1);
    const ask = () => station.ask(1, () => undefined);
    expect([ask(), ask(), ask()]).to.deep.equal([true, true, false]);
    expect(station.refused).to.equal(1);
  });

  const plan = {
    seconds: 60,
    webProcesses: 2,
    coresPerProcess: 4,
    databaseCores: 4,
    relays: 0,
    partitions: 6,
    mailers: 2,
    connectionsPerMailer: 5,
    smtp: 50,
  };

  it('answers in the time of a hash where there is room, and every mail arrives', () => {
    const { answers, refused, behind } = simulate({ ...plan, signupsPerSecond: 5, random: createRandom(2) });
    expect(answers[answers.length >> 1]).to.be.closeTo(measured.hash, 10);
    expect(refused).to.equal(0);
    expect(behind).to.be.below(5);
  });

  it('refuses what is beyond the cores, and falls behind where the mail provider is slower than the signups', () => {
    const flooded = simulate({ ...plan, signupsPerSecond: 100, random: createRandom(3) });
    // Eight cores hash 38 a second.
    expect(flooded.utilisation.hashing).to.be.above(0.95);
    expect(flooded.refused).to.be.within(0.4, 0.65);
    const slow = simulate({ ...plan, signupsPerSecond: 20, smtp: 1_000, random: createRandom(4) });
    expect(slow.utilisation.smtp).to.be.above(0.95);
    expect(slow.behind).to.be.above(400);
  });
});
