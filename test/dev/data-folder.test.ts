import { expect } from 'chai';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDataFolder } from '../../src/dev/data-folder.js';
import { placeWhole } from '../../src/dev/place-whole.js';
import { rejection } from '../fluentmeet/test-instance.js';

describe('the data folder of dev', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-data-folder-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps one secret, which only its owner can read', async () => {
    const { secret } = await openDataFolder(folder);
    expect(secret).to.match(/^[0-9a-f]{64}$/);
    expect((await openDataFolder(folder)).secret).to.equal(secret);
    expect((await stat(path.join(folder, 'secret'))).mode & 0o777).to.equal(0o600);
    expect(await readdir(folder)).to.have.members(['.gitignore', 'secret']);
  });

  it('names a secret that is empty', async () => {
    const file = path.join(folder, 'secret');
    await writeFile(file, '');
    expect(await rejection(openDataFolder(folder)))
      .to.have.property('message')
      .that.contains(`${file} holds no secret`);
  });

  it('gives two that start at once the same file', async () => {
    const file = path.join(folder, 'one');
    const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(64));
    const read = await Promise.all(
      texts.map(async (text) => {
        await placeWhole(file, text);
        return readFile(file, 'utf8');
      }),
    );
    expect(new Set(read).size).to.equal(1);
    expect(texts).to.include(read[0]);
    expect(await readdir(folder)).to.deep.equal(['one']);
  });

  it('leaves what is there, also where it is empty: another start may have just made it', async () => {
    const file = path.join(folder, 'mine');
    for (const content of ['mine', '']) {
      await writeFile(file, content);
      await placeWhole(file, 'text');
      expect(await readFile(file, 'utf8')).to.equal(content);
    }
  });
});
