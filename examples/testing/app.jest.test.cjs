const events = require('node:events');
const { authRouter, requireVerified } = require('@fluentmeet/signup/express');
const { createTestFluentMeet } = require('@fluentmeet/signup/testing');
const express = require('express');
const { Sequelize } = require('sequelize');

// In an app of yours these are in its own files, which Jest then loads in the same way.
function createApp(fluentmeet) {
  const app = express();
  app.use('/api/v1/auth', authRouter(fluentmeet));
  const account = (req) => req.get('x-account-id');
  app.get('/meetings', requireVerified(fluentmeet, account), (req, res) => res.json({ meetings: [] }));
  return app;
}

let sequelize, fluentmeet, server, origin;
beforeAll(async () => {
  sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false });
  fluentmeet = createTestFluentMeet({
    database: sequelize,
    databaseSchema: 'jest_commonjs',
    proof: 'link-and-password',
  });
  await fluentmeet.migrate();
  await fluentmeet.models.User.destroy({ where: {}, force: true });
  server = createApp(fluentmeet).listen(0, '127.0.0.1');
  await events.once(server, 'listening');
  origin = `http://127.0.0.1:${server.address().port}`;
});
afterAll(async () => {
  server?.close();
  server?.closeAllConnections();
  await fluentmeet?.stop();
  await sequelize?.close();
});

const password = 'a quiet lighthouse keeper';
const post = (path, body) =>
  fetch(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('meetings are for those who proved with the link in their mail and their password', async () => {
  const { id } = await (await post('/api/v1/auth/signup', { email: 'ada@example.com', password })).json();
  const meetings = () => fetch(`${origin}/meetings`, { headers: { 'x-account-id': String(id) } });
  expect((await meetings()).status).toBe(403);
  const link = new URL(await fluentmeet.lastLinkTo('ada@example.com'));
  const token = link.searchParams.get('token');
  expect((await post(link.pathname, { token })).status).toBe(403);
  expect((await post(link.pathname, { token, password })).status).toBe(200);
  expect((await meetings()).status).toBe(200);
});
