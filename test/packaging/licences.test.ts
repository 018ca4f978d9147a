import { expect } from 'chai';
import { unwelcome } from './licences.js';

describe('the check of licences (npm run check:licences)', () => {
  it('names what a host would install under another licence, or under none', () => {
    const packages = {
      '': { license: 'MIT' },
      'node_modules/good': { license: 'MIT' },
      'node_modules/@scope/either': { license: '(GPL-3.0-only OR Apache-2.0)' },
      'node_modules/@scope/both': { license: 'MIT AND LGPL-3.0-only' },
      'node_modules/good/node_modules/nested': { license: 'AGPL-3.0-only' },
      'node_modules/silent': {},
      'node_modules/tool': { license: 'GPL-3.0-only', dev: true },
      'node_modules/peer': { license: 'SSPL-1.0', dev: true },
    };
    expect(unwelcome(packages, ['peer'])).to.deep.equal([
      '@scope/both: MIT AND LGPL-3.0-only',
      'nested: AGPL-3.0-only',
      'silent: no licence',
      'peer: SSPL-1.0',
    ]);
  });
});
