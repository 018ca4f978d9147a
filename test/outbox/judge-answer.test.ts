import { createContext, runInContext } from 'node:vm';
import { expect } from 'chai';
import {
  PublisherAnswerError,
  resultOfReturned,
  resultOfThrown,
  resultsOfAnswer,
} from '../../src/outbox/judge-answer.js';
import { OutageError, type PublishResult } from '../../src/outbox/publisher.js';
import { unhandledIn } from '../support/unhandled-in.js';

const throwing = (property: string, beside = {}) =>
  Object.defineProperty({ ...beside }, property, {
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

function errorOf(result: PublishResult | undefined): Error & { code?: unknown } {
  if (!result || result.status === 'published') throw new Error('expected an error');
  return result.error;
}

const published = { status: 'published' };

describe('resultsOfAnswer', () => {
  const judge = (answer: unknown) => resultsOfAnswer(answer, 3).map(inWords);

  it('gives each email its own result, in order', () => {
    const answer = [
      published,
      { status: 'rejected', error: new Error('550') },
      { status: 'unavailable', error: new Error('away') },
    ];
    expect(judge(answer)).to.deep.equal(['published', 'rejected: 550', 'unavailable: away']);
    expect(resultsOfAnswer([], 0)).to.deep.equal([]);
  });

  const whole: [string, unknown, string][] = [
    ['nothing', undefined, 'no-answer (a forgotten return?)'],
    ['null', null, 'no-answer (a forgotten return?)'],
    ['one result for all', published, 'not-an-array (a object)'],
    ['a word', 'published', 'not-an-array (a string)'],
    ['true', true, 'not-an-array (a boolean)'],
    ['something like an array', { length: 3, 0: published, 1: 1, 2: 2 }, 'not-an-array (a object)'],
    ['a set', new Set([published]), 'not-an-array (a object)'],
    ['more results than emails', [1, 2, 3, 4].map(() => published), 'too-many-results (4 for 3 emails)'],
  ];
  for (const [what, answer, fault] of whole) {
    it(`takes ${what} for a failure of each email, neither success nor outage`, () => {
      const results = resultsOfAnswer(answer, 3);
      expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected', 'rejected']);
      for (const result of results) {
        expect(errorOf(result)).to.be.instanceOf(PublisherAnswerError);
        expect(errorOf(result).message).to.equal(`the publisher's answer cannot be used: ${fault}`);
      }
    });
  }

  const single: [string, unknown, string][] = [
    ['nothing', undefined, 'no-result'],
    ['null', null, 'no-result (a object)'],
    ['a word', 'published', 'no-result (a string)'],
    ['no status', {}, 'unknown-status (a status of type undefined)'],
    ['a status of its own', { status: 'sent' }, 'unknown-status ("sent")'],
    ['a status of another case', { status: 'Published' }, 'unknown-status ("Published")'],
    ['a long status', { status: 'x'.repeat(41) }, `unknown-status ("${'x'.repeat(40)}")`],
    ['a status that is a number', { status: 200 }, 'unknown-status (a status of type number)'],
    ['an outage without an error', { status: 'unavailable' }, 'no-error (unavailable)'],
    [
      'an outage with a word for its error',
      { status: 'unavailable', error: 'down' },
      'no-error (unavailable)',
    ],
    ['a failure without an error', { status: 'rejected' }, 'no-error (rejected)'],
    ['a failure with null', { status: 'rejected', error: null }, 'no-error (rejected)'],
    ['a failure with an empty object', { status: 'rejected', error: {} }, 'no-error (rejected)'],
    [
      'a failure with a number for its text',
      { status: 'rejected', error: { message: 7 } },
      'no-error (rejected)',
    ],
    ['a status that throws', throwing('status'), 'unreadable'],
    ['an error whose message throws', { status: 'unavailable', error: throwing('message') }, 'unreadable'],
    ['a Response of fetch', new Response('', { status: 200 }), 'unknown-status (a status of type number)'],
    ['a promise', Promise.resolve(published), 'unknown-status (a status of type undefined)'],
    [
      'a promise that rejects',
      Promise.reject(new Error('550')),
      'unknown-status (a status of type undefined)',
    ],
  ];
  // Until its own test judges it, nobody else listens to the one that rejects.
  for (const [, result] of single) if (result instanceof Promise) result.catch(() => undefined);
  for (const [what, result, fault] of single) {
    it(`takes ${what} for a failure of that email, while its neighbours go on`, () => {
      const [before, judged, behind] = resultsOfAnswer([published, result, published], 3);
      expect([before, behind]).to.deep.equal([published, published]);
      expect(judged?.status).to.equal('rejected');
      expect(errorOf(judged).message).to.equal(`the publisher's answer cannot be used: ${fault}`);
    });
  }

  it('hears a promise that rejects among the results: unheard, it would end the process', async () => {
    const unheard = await unhandledIn(() =>
      expect(judge([Promise.reject(new Error('550')), published, published])).to.deep.equal([
        'rejected: unknown-status',
        'published',
        'published',
      ]),
    );
    expect(unheard).to.deep.equal([]);
  });

  it('takes fewer results than emails for a failure of the rest', () => {
    expect(judge([published])).to.deep.equal(['published', 'rejected: no-result', 'rejected: no-result']);
  });

  it('reads an element that throws as the fault of its email', () => {
    const answer = Object.defineProperty([published, 0, published], 1, {
      get: () => {
        throw new Error('a getter');
      },
    });
    expect(judge(answer)).to.deep.equal(['published', 'rejected: unreadable', 'published']);
  });

  it('answers with nothing of the host’s own object but what it judged', () => {
    const error = new Error('550');
    const [first, second] = resultsOfAnswer(
      [
        { ...published, secret: 1 },
        { status: 'rejected', error },
      ],
      2,
    );
    expect(first).to.deep.equal(published);
    expect(errorOf(second)).not.to.equal(error);
  });
});

describe('resultOfReturned', () => {
  it('is published, whatever was returned', () => {
    for (const returned of [
      undefined,
      null,
      'x',
      { accepted: [] },
      { status: 'sent' },
      new Response(),
      throwing('status'),
    ])
      expect(resultOfReturned(returned)).to.deep.equal(published);
  });

  it('is believed where it took the trouble to answer otherwise', () => {
    const error = new Error('550');
    expect(inWords(resultOfReturned({ status: 'rejected', error }))).to.equal('rejected: 550');
    expect(inWords(resultOfReturned({ status: 'unavailable', error }))).to.equal('unavailable: 550');
    expect(inWords(resultOfReturned({ status: 'unavailable' }))).to.equal('rejected: no-error');
  });
});

describe('resultOfThrown', () => {
  it('is a failure of the email, and an outage where the error says so, of whatever class', () => {
    expect(inWords(resultOfThrown(new Error('550')))).to.equal('rejected: 550');
    expect(inWords(resultOfThrown(new OutageError('away')))).to.equal('unavailable: away');
    const marked = Object.assign(new TypeError('fetch failed'), { outage: true });
    expect(inWords(resultOfThrown(marked))).to.equal('unavailable: fetch failed');
    for (const outage of ['yes', 1, false])
      expect(inWords(resultOfThrown(Object.assign(new Error('no'), { outage })))).to.equal('rejected: no');
  });

  it('is a failure where what was thrown is no error, or throws when it is read', () => {
    for (const thrown of ['down', undefined, null, 7, {}])
      expect(errorOf(resultOfThrown(thrown)).message).to.contain(`threw-no-error (${typeof thrown})`);
    for (const property of ['outage', 'name', 'code', 'cause'])
      expect(inWords(resultOfThrown(throwing(property, { message: '550' })))).to.equal(
        'rejected: unreadable',
      );
    expect(inWords(resultOfThrown(throwing('message')))).to.equal('rejected: unreadable');
  });

  it('takes an error of another realm for an error', () => {
    const foreign: unknown = runInContext('new Error("of another realm")', createContext());
    expect(foreign).not.to.be.instanceOf(Error);
    expect(inWords(resultOfThrown(foreign))).to.equal('rejected: of another realm');
  });

  it('keeps of an error what is fit for the log, and what cannot throw later', () => {
    const error = Object.assign(new RangeError('550 <ada.lovelace@example.com>\0 unknown'), {
      code: 'EENVELOPE',
      response: 'secret',
      cause: new Error('to ada.lovelace@example.com'),
    });
    const keptError = errorOf(resultOfThrown(error));
    expect(keptError).to.include({
      name: 'RangeError',
      code: 'EENVELOPE',
      message: '550 <a***@example.com>  unknown',
    });
    expect(keptError).not.to.have.property('response');
    expect((keptError.cause as Error).message).to.equal('to a***@example.com');
  });

  it('keeps no name, code or cause that is none', () => {
    const odd = Object.assign(new Error('550'), { code: 550, cause: 'ada.lovelace@example.com', name: 7 });
    const keptError = errorOf(resultOfThrown(odd));
    expect(keptError.name).to.equal('Error');
    expect(keptError).not.to.have.property('code');
    expect(keptError).not.to.have.property('cause');
  });
});
