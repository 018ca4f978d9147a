import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  commonPasswordsPath,
  listedPasswords,
  renderCommonPasswords,
} from '../../docs/generate-common-passwords.js';
import { isCommonPassword, isPersonalPassword } from '../../src/passwords/password-blocklist.js';
import { inTime } from '../support/in-time.js';

describe('isCommonPassword', () => {
  for (const password of [
    'password',
    'PassWord',
    'TRUSTNO1',
    '12345678',
    'iloveyou',
    'q1w2e3r4t5',
    'ILOVEYOU',
  ]) {
    it(`knows ${password}`, async () => expect(await isCommonPassword(password)).to.equal(true));
  }

  // Compared whole: nothing is guessed about what was added.
  for (const password of [
    'MyStr0ngP@ss!',
    'password trustno1',
    ' password',
    'passwordpasswort',
    'passwor',
    '',
    ' ',
    '\n',
  ]) {
    it(`does not know ${JSON.stringify(password)}`, async () => {
      expect(await isCommonPassword(password)).to.equal(false);
    });
  }

  it('knows every one of its source of 8 characters or more, in capitals too', async () => {
    const listed = listedPasswords();
    expect(listed).to.have.length.greaterThan(17_000);
    for (const password of listed) {
      expect(await isCommonPassword(password), password).to.equal(true);
      expect(await isCommonPassword(password.toUpperCase()), password).to.equal(true);
    }
  });

  it('is made from its source by the generator', () => {
    expect(readFileSync(commonPasswordsPath, 'utf8').replace(/\s+/g, ' ')).to.equal(
      renderCommonPasswords().replace(/\s+/g, ' '),
    );
  });

  it('is loaded by the first question, in little time and memory', () => {
    const script = `
      import { monitorEventLoopDelay } from 'node:perf_hooks';
      import { isCommonPassword } from './src/passwords/password-blocklist.ts';
      await import('node:timers/promises');
      globalThis.gc();
      const before = process.memoryUsage().heapUsed;
      const start = process.cpuUsage();
      const known = await isCommonPassword('password');
      const { user } = process.cpuUsage(start);
      globalThis.gc();
      console.log(JSON.stringify({ known, user, bytes: process.memoryUsage().heapUsed - before }));`;
    const output = execFileSync(
      process.execPath,
      ['--expose-gc', '--import', 'tsx', '--input-type=module', '--eval', script],
      { encoding: 'utf8', cwd: new URL('../..', import.meta.url) },
    );
    const { known, bytes } = JSON.parse(output) as { known: boolean; bytes: number };
    expect(known).to.equal(true);
    expect(bytes).to.be.lessThan(4_000_000);
  });
});

describe('isPersonalPassword', () => {
  const owner = { email: ' Ada.King+meet@Example.com ', fullName: 'Ada  King Lovelace' };
  const own = [
    'ada.king+meet@example.com',
    'ADA.KING+MEET@EXAMPLE.COM',
    'Ada.King+meet',
    'ada.king',
    'AdaKing!',
    'Ada King Lovelace',
    'adakinglovelace',
    'ada_king-lovelace',
    'LovelaceKingAda',
    'Lovelace',
    'lovelace!!',
    'FluentMeet',
    'fluent meet',
  ];
  for (const password of own) {
    it(`refuses ${password}`, () => expect(isPersonalPassword(password, owner, 'FluentMeet')).to.equal(true));
  }

  for (const password of [
    'MyStr0ngP@ss!',
    'Lovelace1',
    'ada king meets example',
    '!!!!!!!!',
    '        ',
    'fluentmeeting',
  ]) {
    it(`takes ${password}`, () => expect(isPersonalPassword(password, owner, 'FluentMeet')).to.equal(false));
  }

  it('compares in any script, composed or not', () => {
    const fullName = 'Zo\u00eb \u5c71\u7530\u592a\u90ce Stra\u00dfe';
    for (const password of [
      'zoe\u0308\u5c71\u7530\u592a\u90cestrasse',
      '\u5c71\u7530\u592a\u90ce',
      'STRASSE',
    ])
      expect(isPersonalPassword(password, { fullName }, 'x'), password).to.equal(true);
  });

  it('knows nothing of somebody who said nothing', () => {
    for (const nobody of [{}, { email: '', fullName: '' }, { email: '@', fullName: '...' }])
      expect(isPersonalPassword('--------', nobody, '!')).to.equal(false);
  });

  it('is not slowed down by what a stranger sends', async () => {
    const stranger = { email: 'a.'.repeat(15_000), fullName: 'a '.repeat(15_000) };
    await inTime(50, () => isPersonalPassword('a'.repeat(1000), stranger, 'FluentMeet'));
  });
});
