import type { AddressInfo } from 'node:net';
import {
  createFluentMeet,
  EmailAlreadyRegisteredError,
  type OutgoingEmail,
  type PublicProfile,
} from '@fluentmeet/signup';
import { authRouter, requireVerified } from '@fluentmeet/signup/express';
import express, { type ErrorRequestHandler } from 'express';

const { DATABASE_URL = '', FLUENTMEET_SECRET = '', KAFKA_BROKERS, PORT = '3000' } = process.env;

const fluentmeet = createFluentMeet({
  database: DATABASE_URL,
  publicUrl: `http://localhost:${PORT}`,
  secret: FLUENTMEET_SECRET,
  ...(KAFKA_BROKERS ? { kafka: { brokers: KAFKA_BROKERS.split(',') } } : { publisher: printLink }),
});

/** Without Kafka. With a mail account: `smtpPublisher` of @fluentmeet/signup/smtp. */
async function printLink({ value }: OutgoingEmail): Promise<void> {
  if (value.template === 'verification') console.log(`mail to ${value.to}: ${value.data.verification_link}`);
}

const app = express();
app.use('/api/v1/auth', authRouter(fluentmeet));

// The same, with a route of the host's own and a type for what it answers.
app.post('/members', express.json(), async (req, res) => {
  const profile: PublicProfile = await fluentmeet.signUp(req.body as { email: string; password: string });
  res.status(201).json({ member: profile.id });
});

app.get(
  '/meetings',
  requireVerified(fluentmeet, (req: express.Request) => req.get('x-account-id')),
  (_req, res) => {
    res.json({ meetings: [] });
  },
);

const onError: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  if (error instanceof EmailAlreadyRegisteredError) {
    res.status(error.status).json({ code: error.code });
    return;
  }
  console.error(error);
  res.status(500).json({ code: 'INTERNAL' });
};
app.use(onError);

async function main(): Promise<void> {
  await fluentmeet.migrate();
  await fluentmeet.start();
  const server = app.listen(Number(PORT), '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      server.close(() => void fluentmeet.stop());
      server.closeIdleConnections();
    });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
