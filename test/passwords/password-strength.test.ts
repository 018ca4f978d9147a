import { expect } from 'chai';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { ServiceUnavailableError } from '../../src/errors.js';
import { passwordWeakness } from '../../src/passwords/password-strength.js';

describe('passwordWeakness', () => {
  const context = ['ada.lovelace@example.com', 'Ada Lovelace'];
  const policy = (password: string, known: readonly string[]) => passwordWeakness(3, password, known);

  for (const password of [
    'correct horse battery staple',
    'vT9#qLw2!xRz',
    'ungeheuer leise Trompete',
    '木村拓哉は歌手で俳優です',
  ]) {
    it(`lets ${password} pass`, async () => expect(await policy(password, context)).to.equal(null));
  }

  const weak = [
    'password',
    'P@ssw0rd!',
    'qwertyuiop',
    'aaaaaaaaaaaa',
    'abcdefgh',
    '12345678',
    '19841984',
    'letmein1',
  ];
  for (const password of weak) {
    it(`refuses ${password} with advice that does not repeat it`, async () => {
      const message = await policy(password, context);
      expect(message).to.match(/^This password is too easy to guess\. .+\.$/);
      if (password !== 'password') expect(message).not.to.include(password);
    });
  }

  const own = [
    'ada.lovelace@example.com',
    'adalovelace',
    'LovelaceAda',
    'Ada.Lovelace1',
    'ecalevol.ada',
    'Ada Lovelace',
  ];
  for (const password of own) {
    it(`refuses ${password}, which is the person's own address or name`, async () => {
      expect(await policy(password, context)).to.be.a('string');
    });
  }

  it('minds the context of this call alone', async () => {
    const password = 'zyxomatic-quorvale';
    expect(await policy(password, [])).to.equal(null);
    expect(await policy(password, ['zyxomatic@quorvale.example', password])).to.be.a('string');
    expect(await policy(password, [])).to.equal(null);
  });

  it('wants as much as it was told', async () => {
    const middling = 'tulpen99x';
    expect(await passwordWeakness(1, middling, [])).to.equal(null);
    expect(await passwordWeakness(4, middling, [])).to.be.a('string');
    expect(await passwordWeakness(1, 'password', [])).to.be.a('string');
  });

  const hostile = [
    '4@8({[</369&#!1/|0$5+7%2/4@'.repeat(3),
    'p4ssw0rd$!'.repeat(8),
    'l33t$p34k!ng0nth31nt3rn3t$uck5@l0t|33t$p34k!ng0nth31nt3rn3t$uck5@l0t',
    '1991199219931994199519961997199819992000200120022003200420052006',
  ];

  it('never holds the event loop, whatever the text', async () => {
    await policy('the thread is there now', []);
    const known = [...context, 'a b '.repeat(10_000)];
    const usage = process.cpuUsage();
    let held = Infinity;
    // A thread that others keep from the processor counts as active, too.
    for (let round = 0; held >= 60 && round < 5; round += 1) {
      const loop = performance.eventLoopUtilization();
      await Promise.all(hostile.map((password) => policy(password, known)));
      held = performance.eventLoopUtilization(loop).active;
    }
    // The work was real, and not this thread's, which answers requests: there it took 60 to 100 ms for each.
    expect(process.cpuUsage(usage).user / 1000).to.be.greaterThan(100);
    expect(held).to.be.lessThan(60);
  });

  it('sees the first 64 code points', async () => {
    const repeated = '😀'.repeat(64);
    const message = await policy(repeated, []);
    expect(message).to.be.a('string');
    expect(await policy(`${repeated}vT9#qLw2!xRz correct horse`, [])).to.equal(message);
    expect(await policy(`${'😀'.repeat(40)}vT9#qLw2!xRz correct horse`, [])).to.equal(null);
  });

  it('sends away who would wait too long', async () => {
    const asked = Array.from({ length: 25 }, (_, i) => policy(`${hostile[0]}${i}`, context));
    const answers = await Promise.allSettled(asked);
    const refused = answers.filter(
      (answer) => answer.status === 'rejected' && answer.reason instanceof ServiceUnavailableError,
    );
    expect(refused).to.have.length(5);
    expect(await policy('vT9#qLw2!xRz', [])).to.equal(null);
  });

  it('lets the process end', () => {
    const script = `
      import { passwordWeakness } from './src/passwords/password-strength.ts';
      console.log(await passwordWeakness(3, 'vT9#qLw2!xRz', []));`;
    const options = { encoding: 'utf8', cwd: new URL('../..', import.meta.url), timeout: 45_000 } as const;
    expect(
      execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], options),
    ).to.equal('null\n');
  });

  it('answers null or a sentence for any text, the same each time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.array(fc.string(), { maxLength: 3 }),
        async (password, known) => {
          const message = await policy(password, known);
          if (message !== null) expect(message).to.match(/^This password is too easy to guess\./);
          expect(await policy(password, known)).to.equal(message);
        },
      ),
      { numRuns: 100 },
    );
  });
});
