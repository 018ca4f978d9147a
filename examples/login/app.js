import { createFluentMeet } from '@fluentmeet/signup';
import { authRouter, requireVerified } from '@fluentmeet/signup/express';
import express from 'express';
import session from 'express-session';

const { DATABASE_URL, FLUENTMEET_SECRET, SESSION_SECRET, KAFKA_BROKERS, PORT = '3000' } = process.env;

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
app.use('/api/v1/auth', authRouter(fluentmeet));
app.use(
  session({
    secret: SESSION_SECRET,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax' },
  }),
);

app.post('/login', express.json(), async (req, res) => {
  const { email, password } = req.body ?? {};
  const account = await fluentmeet.checkPassword(String(email), String(password), {
    client: req.ip ?? 'unknown',
  });
  if (!account) return res.status(401).json({ code: 'WRONG_EMAIL_OR_PASSWORD' });
  // A session that was there before the login could be somebody else's.
  await new Promise((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
  req.session.userId = account.id;
  res.json({ id: account.id, is_verified: account.is_verified });
});

app.get(
  '/meetings',
  requireVerified(fluentmeet, (req) => req.session.userId),
  (req, res) => res.json({ meetings: [] }),
);

app.use((error, req, res, _next) => {
  const { status = 500, code = 'INTERNAL', retryAt } = error;
  if (status >= 500) console.error(error);
  if (retryAt) res.set('Retry-After', retryAt.toUTCString());
  res.status(status).json({ code });
});

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(() => fluentmeet.stop());
    server.closeIdleConnections();
  });
}
