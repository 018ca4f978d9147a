import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApp } from './start-app.js';

let app;
before(async () => {
  app = await startApp('node_test');
});
after(() => app?.stop());

test('meetings are for those who opened the link in their mail', async () => {
  const { id } = await (await app.signUp('ada@example.com')).json();
  assert.equal((await app.meetings(id)).status, 403);
  const link = await app.fluentmeet.lastLinkTo('ada@example.com');
  assert.equal((await app.open(link)).status, 200);
  assert.equal((await app.meetings(id)).status, 200);
});
