import { expect } from 'chai';
import { Script } from 'node:vm';
import { mailboxScript } from '../../src/dev/mailbox-script.js';

describe('dev pages', () => {
  it('serves a script that parses', () => {
    expect(() => new Script(mailboxScript)).not.to.throw();
  });
});
