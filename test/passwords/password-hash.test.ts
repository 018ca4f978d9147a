import { execFileSync, spawnSync } from 'node:child_process';
import bcrypt from 'bcrypt';
import { expect } from 'chai';
import { hashPassword, readPasswordHash, verifyPassword } from '../../src/passwords/password-hash.js';
import { skipFor } from '../support/skip.js';

/** Made by Python's passlib 1.7.4 with its bcrypt 4.0.1. */
const vectors: [what: string, password: string, hash: string][] = [
  ['a short one', 'MyStr0ngP@ss!', '$2a$04$AxB3gwvQf7Zmq8/wPryw5OXUhrdSG2URW1lCaQXLW4VTv3q4hj1sW'],
  ['a short one', 'MyStr0ngP@ss!', '$2b$04$q3D4C0ir0QcxvXCN/YH11.q5fDMkqvfQQbCN3tDw29FR2Sx3As4Hi'],
  ['a short one', 'MyStr0ngP@ss!', '$2y$04$5W3FDVOZaiUJMAVZj3Q/aOV39UmQK22u1YdLxfAtoWMQ9rMWMDvJO'],
  [
    'a short one',
    'MyStr0ngP@ss!',
    '$bcrypt-sha256$v=2,t=2b,r=4$7bOHQh5.9pWRrqXKMqoE1u$MMaikY7xDVOcbdcErzMpU2J0fmV92h6',
  ],
  ['72 bytes', 'a'.repeat(72), '$2a$04$RXjUR05iWsJsIKoMuIaPUObsHn7iR7y1aQllIXYojbuG5J0Ww2T1u'],
  ['72 bytes', 'a'.repeat(72), '$2b$04$zJaq4dwSzhYvMiCvPBrtTO/FfB4VRy4IyrUu8EY2Yihs6f2odXyku'],
  ['72 bytes', 'a'.repeat(72), '$2y$04$lyGolVAtosMhntFEq1Jfdeuf6mwXRlTCznwY5xL5lLxpf/kog4.qS'],
  [
    '73 bytes',
    'a'.repeat(73),
    '$bcrypt-sha256$v=2,t=2b,r=4$7T2yE4J61x.XcImOwL39ie$fOJ8RJuKwO6JRHEamD./4bgrNZXUfvq',
  ],
  ['72 bytes of two each', 'é'.repeat(36), '$2a$04$cdvDWaQGM.kElbXIBKfXCe0Z0UO9Yyt7pKKDna7rrI9mpI8So89w6'],
  ['72 bytes of two each', 'é'.repeat(36), '$2b$04$DT38ScI63r6nMLUMLi7gbO22pw.vom3jSGdI.kmR0PJ0XkFh4uxQC'],
  ['72 bytes of two each', 'é'.repeat(36), '$2y$04$qq.ZfiGUw8hnQJcqqV57IeZ2Xr3a2vInfX6y0VVthM7YjC59mJI1W'],
  [
    '74 bytes of two each',
    'é'.repeat(37),
    '$bcrypt-sha256$v=2,t=2b,r=4$mB/U5hcQ4ROyPANTP5XAPu$bA8.a7AnIf2DB11tkCbV7hnQ.4GG8gy',
  ],
  [
    '25 Japanese characters',
    '静かな灯台守は夜明け前に海の向こうの船を数えている',
    '$bcrypt-sha256$v=2,t=2b,r=4$Go3NusCCmb41NizBMVb1hO$DsQeZYRUAxWAb3byxUOPz7JGfFcwKVm',
  ],
  [
    '1,000 emoji',
    '😀'.repeat(1000),
    '$bcrypt-sha256$v=2,t=2b,r=4$Oi2EeSqR80pQc80dtQr96O$2ykgRH3pozvPKJKkwjm62LLVwTYSFt2',
  ],
  [
    '1,000 letters',
    'x'.repeat(1000),
    '$bcrypt-sha256$v=2,t=2b,r=4$dfNLK.0/McR6NSG4Gv3dhu$Ljrr1/njaFcTsBBUi1VKOURRifulqDG',
  ],
  [
    'cost 10',
    'a'.repeat(73),
    '$bcrypt-sha256$v=2,t=2b,r=10$J5Sieg02pYrYvAxIrDgMhO$Bdui.I/vIALqbEnmENNDiL3ahf56qxu',
  ],
];

describe('verifyPassword', () => {
  for (const [what, password, hash] of vectors) {
    it(`reads what passlib made of ${what}: ${hash.slice(0, 24)}`, async () => {
      expect(await verifyPassword(password, hash)).to.equal(true);
      for (const other of [`${password}x`, password.slice(0, -1), password.toUpperCase() + password, '']) {
        expect(await verifyPassword(other, hash)).to.equal(false);
      }
    });
  }

  it('never takes a password by its first 72 bytes', async () => {
    const hash = await hashPassword('a'.repeat(72), 4);
    expect(await verifyPassword('a'.repeat(72), hash)).to.equal(true);
    expect(await verifyPassword('a'.repeat(73), hash)).to.equal(false);
    expect(await verifyPassword('a'.repeat(73), hash.replace('$2b$', '$2y$'))).to.equal(false);
  });

  it('tells what bcrypt would take for the same apart', async () => {
    const hash = await hashPassword('abcdefg\ufffd', 4);
    expect(await verifyPassword('abcdefg\ufffd', hash)).to.equal(true);
    expect(await verifyPassword('abcdefg\ud800', hash)).to.equal(false);
    expect(await verifyPassword('abcdefg\0', await bcrypt.hash('abcdefg\0', 4))).to.equal(false);
  });

  const good = '$2b$04$q3D4C0ir0QcxvXCN/YH11.q5fDMkqvfQQbCN3tDw29FR2Sx3As4Hi';
  const long = '$bcrypt-sha256$v=2,t=2b,r=4$7T2yE4J61x.XcImOwL39ie$fOJ8RJuKwO6JRHEamD./4bgrNZXUfvq';
  for (const hash of [
    '',
    'MyStr0ngP@ss!',
    good.slice(1),
    good.slice(0, -1),
    `${good} `,
    `${good}\n`,
    good.replace('$2b$', '$2x$'),
    good.replace('$2b$', '$2$'),
    good.replace('$04$', '$4$'),
    good.replace('$04$', '$03$'),
    good.replace('$04$', '$31$'),
    long.replace('v=2', 'v=1'),
    long.replace('t=2b', 't=2a'),
    long.replace('r=4', 'r=31'),
    long.replace('$bcrypt-sha256$v=2,t=2b,r=4', '$bcrypt-sha256$2b,4'),
    '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2g',
  ]) {
    it(`verifies nothing by ${JSON.stringify(hash.slice(0, 30))}`, async () => {
      expect(readPasswordHash(hash)).to.equal(null);
      expect(await verifyPassword('MyStr0ngP@ss!', hash)).to.equal(false);
      expect(await verifyPassword('a'.repeat(73), hash)).to.equal(false);
    });
  }
});

describe('hashPassword', () => {
  it('is bcrypt up to 72 bytes, every one of which counts', async () => {
    const password = 'é'.repeat(36);
    const hash = await hashPassword(password, 4);
    expect(hash).to.match(/^\$2b\$04\$.{53}$/);
    expect(await bcrypt.compare(password, hash)).to.equal(true);
    expect(await bcrypt.compare(`${'é'.repeat(35)}e`, hash)).to.equal(false);
  });

  it("is passlib's bcrypt-sha256 beyond, every code point of which counts", async () => {
    const password = `${'é'.repeat(36)}x`;
    const hash = await hashPassword(password, 5);
    expect(hash).to.match(/^\$bcrypt-sha256\$v=2,t=2b,r=5\$[./A-Za-z0-9]{21}[.Oeu]\$[./A-Za-z0-9]{31}$/);
    expect(readPasswordHash(hash)).to.include({ scheme: 'bcrypt-sha256', cost: 5 });
    expect(await verifyPassword(password, hash)).to.equal(true);
    expect(await verifyPassword(`${'é'.repeat(36)}y`, hash)).to.equal(false);
  });

  it('salts every hash anew', async () => {
    for (const password of ['MyStr0ngP@ss!', 'x'.repeat(1000)]) {
      expect(await hashPassword(password, 4)).not.to.equal(await hashPassword(password, 4));
    }
  });

  it('costs as much for 1,000 code points as for 8', async () => {
    const timeOf = async (password: string): Promise<number> => {
      const start = process.cpuUsage();
      await hashPassword(password, 9);
      return process.cpuUsage(start).user;
    };
    // Of the processor, which others who are busy on it do not change.
    const ratios: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      const [short, long] = [await timeOf('aaaaaaaa'), await timeOf('😀'.repeat(1000))];
      ratios.push(long / short);
    }
    ratios.sort((one, other) => one - other);
    expect(ratios[4]).to.be.within(0.6, 1.6);
  });

  // Where there is no Python with passlib, the vectors above say as much of one direction.
  const python = process.env['PASSLIB_PYTHON'] ?? 'python3';
  const passlib = spawnSync(python, ['-c', 'import passlib.hash, bcrypt']).status === 0;
  it("is verified by Python's passlib, and verifies what that makes now", async function () {
    if (!passlib) skipFor(this, `${python} has no passlib`);
    const passwords = ['MyStr0ngP@ss!', 'a'.repeat(72), 'a'.repeat(73), 'é'.repeat(37), '😀'.repeat(1000)];
    const ours = await Promise.all(
      passwords.map(async (password) => [password, await hashPassword(password, 4)]),
    );
    const script = `
import json, sys
from passlib.context import CryptContext
context = CryptContext(schemes=['bcrypt', 'bcrypt_sha256'], bcrypt__rounds=4, bcrypt_sha256__rounds=4)
pairs = json.loads(sys.stdin.buffer.read())
print(json.dumps({
  'verified': [context.verify(p, h) and not context.verify('y' + p[1:], h) for p, h in pairs],
  'made': [[p, context.hash(p, scheme=s)] for p, _ in pairs
    for s in ['bcrypt', 'bcrypt_sha256'] if s != 'bcrypt' or len(p.encode()) <= 72],
}))`;
    const answer = execFileSync(python, ['-c', script], { input: JSON.stringify(ours), encoding: 'utf8' });
    const { verified, made } = JSON.parse(answer) as { verified: boolean[]; made: [string, string][] };
    expect(verified).to.deep.equal(passwords.map(() => true));
    expect(made).to.have.length(passwords.length + 2);
    for (const [password, hash] of made) expect(await verifyPassword(password, hash)).to.equal(true);
  });
});
