import { createFluentMeet } from '@fluentmeet/signup';
import { authRouter } from '@fluentmeet/signup/express';
import cors from 'cors';
import express from 'express';

const {
  DATABASE_URL,
  FLUENTMEET_SECRET,
  KAFKA_BROKERS,
  PORT = '3000',
  APP_ORIGIN = 'http://localhost:5173',
} = process.env;

const fluentmeet = createFluentMeet({
  database: DATABASE_URL,
  publicUrl: `http://localhost:${PORT}`,
  secret: FLUENTMEET_SECRET,
  ...(KAFKA_BROKERS ? { kafka: { brokers: KAFKA_BROKERS.split(',') } } : { publisher: printLink }),
});

/** Without Kafka. With a mail account: `smtpPublisher` of @fluentmeet/signup/smtp. */
async function printLink({ value }) {
  console.log(`mail to ${value.to}: ${value.data.verification_link}`);
}
await fluentmeet.migrate();
await fluentmeet.start();

const app = express();
// Before the routers, and for the app's origin alone: it answers the browser's preflights.
app.use('/api', cors({ origin: APP_ORIGIN }));
app.use('/api/v1/auth', authRouter(fluentmeet));

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(() => fluentmeet.stop());
    server.closeIdleConnections();
  });
}
