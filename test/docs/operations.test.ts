import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { ourTables } from '../../src/database/tables.js';

describe('docs/operations.md', () => {
  let text: string;
  before(async () => (text = await readFile('docs/operations.md', 'utf8')));

  for (const table of ourTables) {
    it(`says what ${table} keeps about a person, and moves it to another schema`, () => {
      const kept = text.slice(
        text.indexOf('What is kept, where and how long'),
        text.indexOf('### The database failed'),
      );
      expect(kept).to.contain(`\`${table}\``);
      expect(text).to.contain(`alter table ${table} set schema`);
    });
  }
});
