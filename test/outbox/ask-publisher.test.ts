import { expect } from 'chai';
import sinon from 'sinon';
import { adaptPublisher, askPublisher } from '../../src/outbox/ask-publisher.js';
import { OutageError, type PublishOne, type PublishResult } from '../../src/outbox/publisher.js';
import { sampleEmail } from '../../src/outbox/sample-email.js';

const never = () => new Promise<never>(() => {});
const throwing = (property: string) =>
  Object.defineProperty({}, property, {
    get() {
      throw new Error('a getter');
    },
  });

/** `published`, `unavailable: <message>`, `rejected: <code or message>`. */
function inWords(result: PublishResult): string {
  if (result.status === 'published') return 'published';
  const { code } = result.error as Error & { code?: string };
  return `${result.status}: ${code ?? result.error.message}`;
}

describe('askPublisher', () => {
  const emails = ['1', '2', '3'].map((key) => ({ ...sampleEmail(), key }));

  async function askMany(publish: (...args: any[]) => any): Promise<string[]> {
    return (await askPublisher(adaptPublisher({ publish }), emails, 50)).map(inWords);
  }

  it('gives each email its own result, in order', async () => {
    const results = await askMany(async () => [
      { status: 'published' },
      { status: 'rejected', error: new Error('550') },
      { status: 'unavailable', error: new Error('away') },
    ]);
    expect(results).to.deep.equal(['published', 'rejected: 550', 'unavailable: away']);
  });

  const whole: [string, (...args: any[]) => any, string][] = [
    ['nothing, as of a forgotten return', async () => {}, 'no-answer'],
    ['fewer results than emails, of which it has none', async () => [], 'no-result'],
    ['a rejection with no error', () => Promise.reject('down'), 'threw-no-error'],
    ['a rejection with nothing', () => Promise.reject(), 'threw-no-error'],
    ['a thenable that throws', () => throwing('then'), 'a getter'],
    ['silence', never, 'late'],
    [
      'an error, thrown at once',
      () => {
        throw new Error('a bug');
      },
      'a bug',
    ],
    ['an error, for the whole batch', () => Promise.reject(new Error('550 of one')), '550 of one'],
  ];
  for (const [what, publish, fault] of whole) {
    it(`takes ${what} for a failure of each email, neither success nor outage`, async () => {
      expect(await askMany(publish)).to.deep.equal(emails.map(() => `rejected: ${fault}`));
    });
  }

  it('takes an outage for one where the error says so, of whatever class', async () => {
    const marked = Object.assign(new TypeError('fetch failed'), { outage: true });
    for (const error of [new OutageError('away'), marked]) {
      const results = await askMany(() => Promise.reject(error));
      expect(results).to.deep.equal(emails.map(() => `unavailable: ${error.message}`));
    }
    const notQuite = Object.assign(new Error('no'), { outage: 'yes' });
    expect(await askMany(() => Promise.reject(notQuite))).to.deep.equal(emails.map(() => 'rejected: no'));
  });
});

describe('the check of a host’s publisher', () => {
  const publish = async (): Promise<PublishResult[]> => [];

  it('has failed where it never answers', async () => {
    const clock = sinon.useFakeTimers();
    try {
      const checked = adaptPublisher({ publish, check: never })
        .check()
        .catch((error: { code?: string }) => error.code);
      await clock.tickAsync(20_000);
      expect(await checked).to.equal('late');
    } finally {
      clock.restore();
    }
  });

  it('is what it says itself, at once or later, and ready where it has none', async () => {
    const failing = new Error('away');
    const said = (check: () => Promise<void>) =>
      adaptPublisher({ publish, check })
        .check()
        .catch((error: unknown) => error);
    expect(await said(async () => Promise.reject(failing))).to.equal(failing);
    expect(
      await said(() => {
        throw failing;
      }),
    ).to.equal(failing);
    expect(await adaptPublisher({ publish }).check()).to.equal(undefined);
  });
});

describe('a publisher of one email', () => {
  afterEach(() => sinon.restore());
  const emails = ['1', '2', '3'].map((key) => ({ ...sampleEmail(), key }));
  const ask = async (publishOne: (...args: any[]) => any): Promise<string[]> =>
    (await askPublisher(adaptPublisher(publishOne as PublishOne), emails)).map(inWords);

  it('has published what it returned from, whatever it returned', async () => {
    for (const returned of [
      undefined,
      null,
      { accepted: [] },
      { status: 'sent' },
      new Response(),
      throwing('status'),
    ]) {
      expect(await ask(async () => returned)).to.deep.equal(['published', 'published', 'published']);
    }
  });

  it('is believed where it took the trouble to answer otherwise', async () => {
    expect(await ask(async () => ({ status: 'rejected', error: new Error('550') }))).to.include(
      'rejected: 550',
    );
    expect(await ask(async () => ({ status: 'unavailable', error: new Error('away') }))).to.include(
      'unavailable: away',
    );
    expect(await ask(async () => ({ status: 'unavailable' }))).to.include('rejected: no-error');
  });

  it('fails for the email that it throws for, at once or later, and for no other', async () => {
    const second = ({ key }: { key: string }) => {
      if (key === '2') throw new Error('550');
    };
    expect(await ask(second)).to.deep.equal(['published', 'rejected: 550', 'published']);
    expect(await ask(async (email) => second(email))).to.deep.equal([
      'published',
      'rejected: 550',
      'published',
    ]);
    expect(await ask(() => Promise.reject('550'))).to.include('rejected: threw-no-error');
  });

  it('says itself that it is an outage', async () => {
    const away = async ({ key }: { key: string }) => {
      if (key === '2') throw new OutageError('421');
    };
    expect(await ask(away)).to.deep.equal(['published', 'unavailable: 421', 'published']);
  });

  it('fails for the email that it hangs for, and for no other', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = ask(({ key }) => (key === '2' ? never() : undefined));
    await clock.tickAsync(20_000);
    expect(await asked).to.deep.equal(['published', 'rejected: late', 'published']);
  });

  it('is given a few emails at a time', () => {
    expect(adaptPublisher(async () => {}).batchSize).to.equal(10);
  });
});
