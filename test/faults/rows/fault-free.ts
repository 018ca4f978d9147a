import type { Row } from '../row.js';
import { prepare } from './prepare.js';

export const faultFree: Row = {
  name: 'fault-free',
  title: 'no fault',
  expect: { duplicates: 'none', recovery: 5 },
  async play(stage) {
    await prepare(stage);
    await stage.start();
    await stage.brokenThroughout();
  },
};
