import { createFluentMeet } from '@fluentmeet/signup';
import { authRouter } from '@fluentmeet/signup/express';
import express from 'express';
import { sequelize, User } from './models.js';
import options from './signup.config.js';

const { FLUENTMEET_SECRET, KAFKA_BROKERS, PORT = '3000' } = process.env;

const fluentmeet = createFluentMeet({
  ...options,
  publicUrl: `http://localhost:${PORT}`,
  secret: FLUENTMEET_SECRET,
  ...(KAFKA_BROKERS ? { kafka: { brokers: KAFKA_BROKERS.split(',') } } : { publisher: printLink }),
});

/** Without Kafka. With a mail account: `smtpPublisher` of @fluentmeet/signup/smtp. */
async function printLink({ value }) {
  console.log(`mail to ${value.to}: ${value.data.verification_link}`);
}
await fluentmeet.migrate();
// After ours: its foreign key wants our table.
await sequelize.sync();
await fluentmeet.start();

const app = express();
app.use('/api/v1/auth', authRouter(fluentmeet));
app.get('/users', async (_req, res) => res.json(await User.findAll()));

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

async function closeAll() {
  await fluentmeet.stop(); // leaves the host's connection open
  await sequelize.close();
}

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(() => void closeAll());
    server.closeIdleConnections();
  });
}
