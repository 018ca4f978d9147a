import { expect } from 'chai';
import fc from 'fast-check';
import {
  createPasswordStrengthPolicy,
  type PasswordStrengthPolicy,
} from '../../src/users/password-strength.js';

describe('createPasswordStrengthPolicy', () => {
  const context = ['ada.lovelace@example.com', 'Ada Lovelace'];
  let policy: PasswordStrengthPolicy;

  before(async () => {
    policy = await createPasswordStrengthPolicy(3);
  });

  for (const password of [
    'correct horse battery staple',
    'vT9#qLw2!xRz',
    'ungeheuer leise Trompete',
    '木村拓哉は歌手で俳優です',
  ]) {
    it(`lets ${password} pass`, () => expect(policy(password, context)).to.equal(null));
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
    it(`refuses ${password} with advice that does not repeat it`, () => {
      const message = policy(password, context);
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
    it(`refuses ${password}, which is the person's own address or name`, () => {
      expect(policy(password, context)).to.be.a('string');
    });
  }

  it('minds the context of this call alone', () => {
    const password = 'zyxomatic-quorvale';
    expect(policy(password, [])).to.equal(null);
    expect(policy(password, ['zyxomatic@quorvale.example', password])).to.be.a('string');
    expect(policy(password, [])).to.equal(null);
  });

  it('wants as much as it was told', async () => {
    const [one, four] = await Promise.all([createPasswordStrengthPolicy(1), createPasswordStrengthPolicy(4)]);
    const middling = 'tulpen99x';
    expect(one(middling, [])).to.equal(null);
    expect(four(middling, [])).to.be.a('string');
    expect(one('password', [])).to.be.a('string');
  });

  it('does not hold the event loop for long, whatever the text', () => {
    const hostile = [
      '4@8({[</369&#!1/|0$5+7%2/4@'.repeat(3).slice(0, 72),
      'p4ssw0rd$!'.repeat(8).slice(0, 72),
      'l33t$p34k!ng0nth31nt3rn3t$uck5@l0t|33t$p34k!ng0nth31nt3rn3t$uck5@l0t',
    ];
    for (const password of hostile) {
      // The processor's time, not the clock's: other processes have theirs. 900 ms with zxcvbn's defaults.
      const before = process.cpuUsage();
      policy(password, [...context, 'a b '.repeat(10_000)]);
      expect(process.cpuUsage(before).user / 1000).to.be.below(600);
    }
  });

  it('answers null or a sentence for any text, the same each time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.array(fc.string(), { maxLength: 3 }),
        (password, known) => {
          const message = policy(password, known);
          if (message !== null) expect(message).to.match(/^This password is too easy to guess\./);
          expect(policy(password, known)).to.equal(message);
        },
      ),
      { numRuns: 100 },
    );
  });
});
