import { expect } from 'chai';
import { AccountHeldError } from '../../src/errors.js';
import { disownAccount } from '../../src/verification/disown-account.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';
import { holdingKeys } from '../support/holding-keys.js';

describe('disownAccount', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());

  for (const key of holdingKeys) {
    it(`names what of the host's holds the account, and removes nothing (${key})`, async () => {
      await instance.query(
        `create table teams (owner bigint constraint teams_owner_fkey references users (id) ${key})`,
      );
      const ada = await instance.register('ada');
      await instance.query('insert into teams values ($1)', [ada.id]);
      const error = await rejection(disownAccount(instance.context, ada.token));
      expect(error).to.be.instanceOf(AccountHeldError);
      expect(error).to.include({ code: 'ACCOUNT_HELD', constraint: 'teams_owner_fkey', table: 'teams' });
      expect(await instance.fluentmeet.findUserByEmail(ada.email)).not.to.equal(null);
      await instance.query('delete from teams');
      await disownAccount(instance.context, ada.token);
      expect(await instance.fluentmeet.findUserByEmail(ada.email)).to.equal(null);
      await instance.query('drop table teams');
    });
  }
});
