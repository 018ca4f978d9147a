import { createFluentMeet } from '@fluentmeet/signup';
import { authRouter } from '@fluentmeet/signup/express';
import express from 'express';

const { DATABASE_URL, FLUENTMEET_SECRET, KAFKA_BROKERS, PORT = '3000' } = process.env;

const app = express();
const instances = [];

// Each has its schema, its users and a secret of its own: a link of one opens nothing of the other.
for (const tenant of ['acme', 'globex']) {
  const fluentmeet = createFluentMeet({
    database: DATABASE_URL,
    databaseSchema: tenant,
    publicUrl: `http://localhost:${PORT}/${tenant}`,
    secret: `${tenant} ${FLUENTMEET_SECRET}`,
    brand: { name: tenant },
    ...(KAFKA_BROKERS ? { kafka: { brokers: KAFKA_BROKERS.split(',') } } : { publisher: printLink }),
  });
  await fluentmeet.migrate();
  await fluentmeet.start();
  app.use(`/${tenant}/api/v1/auth`, authRouter(fluentmeet));
  instances.push(fluentmeet);
}

/** Without Kafka. With a mail account: `smtpPublisher` of @fluentmeet/signup/smtp. */
async function printLink({ value }) {
  console.log(`mail to ${value.to}: ${value.data.verification_link}`);
}

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(() => void Promise.all(instances.map((fluentmeet) => fluentmeet.stop())));
    server.closeIdleConnections();
  });
}
