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

  it('names the zone of every time that a command is given, as the logs beside it are in UTC', () => {
    const times = text.match(/--(?:since|until) \d{4}-\d\d-\d\dT[^\s`]*/g) ?? [];
    expect(times).to.have.length.of.at.least(3);
    expect(times.filter((time) => !time.endsWith('Z'))).to.deep.equal([]);
  });

  it('says before the block that verifies whom it would take the password from', () => {
    const [before = '', after] = text.split('done < proved.txt');
    expect(after).to.be.a('string');
    const restoring = before.slice(before.indexOf('### Restoring a backup'));
    expect(restoring).to.contain("`proof: 'link-and-password'` **leave out the line of `proved.txt`**");
  });
});
