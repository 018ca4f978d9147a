import { expect } from 'chai';
import sinon from 'sinon';
import { ServiceUnavailableError } from '../../src/errors.js';
import { createClaimer } from '../../src/relay/claimer.js';
import { createFakeContext } from '../fluentmeet/fake-context.js';
import { claimedEmail } from '../outbox/claimed-email.js';

describe('createClaimer', () => {
  afterEach(() => sinon.restore());

  it('gives back later what it could not give back while the database was away', async () => {
    const context = createFakeContext();
    let isAway = false;
    const givenBack: unknown[] = [];
    context.query.callsFake(async (sql) => {
      if (isAway) throw new ServiceUnavailableError('database', false);
      return /and not \(attempts > 0/.test(sql) ? [claimedEmail()] : [];
    });
    context.updateEmails.callsFake(async (_set, { where }) => {
      givenBack.push(where['lease_token']);
      return [1];
    });
    const claimer = createClaimer(context);
    const { leaseToken } = await claimer.claim(1);
    isAway = true;
    await claimer.giveBack({ leaseToken, emails: [claimedEmail()], age: () => 0 });
    isAway = false;
    await claimer.claim(1);
    expect(givenBack).to.deep.equal([[leaseToken]]);
  });
});
