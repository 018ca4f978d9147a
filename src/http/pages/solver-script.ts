/**
 * Runs in a worker of the page: derives one key after the other until it is the one that was asked for, as ALTCHA's own
 * solvers do. A file of our origin, for the policy of the page allows no other.
 */
export const solverScript = `'use strict';
onmessage = async ({ data }) => {
  try {
    postMessage(await solve(data));
  } catch {
    // Over http: browsers have no Web Crypto.
    postMessage(null);
  }
};

async function solve({ nonce, salt, cost, keyLength, keyPrefix }) {
  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const wanted = bytes(keyPrefix);
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  const end = new DataView(password.buffer, password.length - 4);
  const settings = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(salt), iterations: cost };
  for (let counter = 0; ; counter++) {
    end.setUint32(0, counter);
    const base = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
    const key = new Uint8Array(await crypto.subtle.deriveBits(settings, base, keyLength * 8));
    if (wanted.every((byte, index) => byte === key[index])) {
      return { counter, derivedKey: [...key].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
    }
  }
}
`;
