import { expect } from 'chai';
import { editDistance } from '../src/edit-distance.js';

describe('editDistance', () => {
  for (const [one, other, distance] of [
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['MAIL_FROM', 'MAIL_FROM', 0],
    ['MAIL_FORM', 'MAIL_FROM', 1],
    ['AMIL_FROM', 'MAIL_FROM', 1],
    ['KAFKA_BROKER', 'KAFKA_BROKERS', 1],
    ['DATABASE_URI', 'DATABASE_URL', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
  ] as const) {
    it(`finds ${distance} between "${one}" and "${other}"`, () => {
      expect(editDistance(one, other)).to.equal(distance);
      expect(editDistance(other, one)).to.equal(distance);
    });
  }
});
