const express = require('express');
const { createFluentMeet, isFluentMeetError } = require('@fluentmeet/signup');
const { authRouter, signupPage } = require('@fluentmeet/signup/express');

const { DATABASE_URL, FLUENTMEET_SECRET, KAFKA_BROKERS, PORT = '3000' } = process.env;

const fluentmeet = createFluentMeet({
  database: DATABASE_URL,
  publicUrl: `http://localhost:${PORT}`,
  // Where this app mounts the route that the mailed link opens.
  verificationUrl: `http://localhost:${PORT}/account/verify-email`,
  // And the page, which invites and links that are no good any more lead to.
  brand: { signupUrl: `http://localhost:${PORT}/join` },
  secret: FLUENTMEET_SECRET,
  ...(KAFKA_BROKERS ? { kafka: { brokers: KAFKA_BROKERS.split(',') } } : { publisher: printLink }),
});

/** While developing without Kafka. With a mail account: `smtpPublisher` of @fluentmeet/signup/smtp. */
async function printLink({ value }) {
  console.log(`mail to ${value.to}: ${value.data.verification_link}`);
}

const app = express();
app.use(express.json());
app.use(express.urlencoded({ extended: true }));
app.use('/account', authRouter(fluentmeet));
app.use('/join', signupPage(fluentmeet));

// Express 4 leaves what an async handler throws to Node, which ends the process: catch it.
app.post('/login', async (req, res, next) => {
  try {
    const { email, password } = req.body;
    const account = await fluentmeet.checkPassword(email, password, { client: req.ip ?? 'unknown' });
    if (!account?.is_verified) return res.status(401).json({ code: 'NOT_LOGGED_IN' });
    res.json({ id: account.id }); // where a session begins
  } catch (error) {
    if (!isFluentMeetError(error) || error.code !== 'RATE_LIMIT_EXCEEDED') return next(error);
    res.status(429).set('Retry-After', error.retryAt.toUTCString()).json({ code: error.code });
  }
});

app.get('/', (req, res) => res.send('<a href="/join">Join</a>'));
app.use((req, res) => res.status(404).send('not here'));
app.use((error, req, res, _next) => {
  const { status = 500 } = error;
  if (status >= 500) console.error(error);
  res.status(status).send('broken');
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
