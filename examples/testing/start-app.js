import { once } from 'node:events';
import { createTestFluentMeet } from '@fluentmeet/signup/testing';
import { createApp } from './app.js';

/** The app on a PostgreSQL, without Kafka and without mails. Each framework of this folder has a schema of its own. */
export async function startApp(databaseSchema) {
  const fluentmeet = createTestFluentMeet({ database: process.env.DATABASE_URL, databaseSchema });
  await fluentmeet.migrate();
  // Really: without `force` rows are only marked, and their addresses stay taken.
  await fluentmeet.models.User.destroy({ where: {}, force: true });
  // How often a mailbox was mailed, and log-ins to it failed, outlives its account.
  await fluentmeet.models.MailboxCount.destroy({ where: {} });
  const server = createApp(fluentmeet).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  return {
    fluentmeet,
    signUp: (email) =>
      fetch(`http://127.0.0.1:${port}/api/v1/auth/signup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: 'a quiet lighthouse keeper' }),
      }),
    /** Opens the link that was mailed, here and not at its own address. */
    open: (link) =>
      fetch(`http://127.0.0.1:${port}${new URL(link).pathname}${new URL(link).search}`, {
        headers: { accept: 'application/json' },
      }),
    meetings: (id) => fetch(`http://127.0.0.1:${port}/meetings`, { headers: { 'x-account-id': String(id) } }),
    async stop() {
      server.close();
      server.closeAllConnections();
      await fluentmeet.stop();
    },
  };
}
