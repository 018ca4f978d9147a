const express = require('express');
const { createFluentMeet } = require('@fluentmeet/signup');
const { authRouter, signupPage } = require('@fluentmeet/signup/express');

const { DATABASE_URL, FLUENTMEET_SECRET, KAFKA_BROKERS, PORT = '3000' } = process.env;

const fluentmeet = createFluentMeet({
  database: DATABASE_URL,
  publicUrl: `http://localhost:${PORT}`,
  // Where this app mounts the route that the mailed link opens.
  verificationUrl: `http://localhost:${PORT}/account/verify-email`,
  secret: FLUENTMEET_SECRET,
  ...(KAFKA_BROKERS ? { kafka: { brokers: KAFKA_BROKERS.split(',') } } : { publisher: 'none' }),
});

const app = express();
app.use(express.json());
app.use(express.urlencoded({ extended: true }));
app.use('/account', authRouter(fluentmeet));
app.use('/join', signupPage(fluentmeet));

app.get('/', (req, res) => res.send('<a href="/join">Join</a>'));
app.use((req, res) => res.status(404).send('not here'));
app.use((error, req, res, _next) => {
  console.error(error);
  res.status(500).send('broken');
});

async function main() {
  await fluentmeet.migrate();
  await fluentmeet.start();
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
