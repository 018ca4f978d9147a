import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp } from './start-app.js';

let app;
beforeAll(async () => {
  app = await startApp('vitest');
});
afterAll(() => app?.stop());

test('meetings are for those who opened the link in their mail', async () => {
  const { id } = await (await app.signUp('ada@example.com')).json();
  expect((await app.meetings(id)).status).toBe(403);
  const link = await app.fluentmeet.lastLinkTo('ada@example.com');
  expect((await app.open(link)).status).toBe(200);
  expect((await app.meetings(id)).status).toBe(200);
});
