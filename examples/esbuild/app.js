import { createFluentMeet } from '@fluentmeet/signup';
import { authRouter, openApiDocument } from '@fluentmeet/signup/express';
import express from 'express';

const { DATABASE_URL, FLUENTMEET_SECRET, KAFKA_BROKERS, PORT = '3000' } = process.env;

// In a function: a CommonJS bundle has no await outside of them.
async function main() {
  const fluentmeet = createFluentMeet({
    database: DATABASE_URL,
    publicUrl: `http://localhost:${PORT}`,
    secret: FLUENTMEET_SECRET,
    ...(KAFKA_BROKERS ? { kafka: { brokers: KAFKA_BROKERS.split(',') } } : { publisher: printLink }),
  });
  await fluentmeet.migrate();
  await fluentmeet.start();

  const app = express();
  app.use('/api/v1/auth', authRouter(fluentmeet));
  app.get('/openapi.json', (_req, res) => res.json(openApiDocument(fluentmeet)));

  const server = app.listen(Number(PORT), '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}`);
  });
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => {
      server.close(() => fluentmeet.stop());
      server.closeIdleConnections();
    });
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

/** Without Kafka. With a mail account: `smtpPublisher` of @fluentmeet/signup/smtp. */
async function printLink({ value }) {
  console.log(`mail to ${value.to}: ${value.data.verification_link}`);
}
