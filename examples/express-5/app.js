import { createFluentMeet } from '@fluentmeet/signup';
import { authRouter, requireVerified } from '@fluentmeet/signup/express';
import express from 'express';
import { Sequelize } from 'sequelize';
import { defineModels } from './models.js';

const { DATABASE_URL, FLUENTMEET_SECRET, KAFKA_BROKERS, PORT = '3000' } = process.env;

const sequelize = new Sequelize(DATABASE_URL, { logging: false });
const { User } = defineModels(sequelize);

const fluentmeet = createFluentMeet({
  database: sequelize,
  databaseSchema: 'fluentmeet',
  publicUrl: `http://localhost:${PORT}`,
  secret: FLUENTMEET_SECRET,
  ...(KAFKA_BROKERS ? { kafka: { brokers: KAFKA_BROKERS.split(',') } } : { publisher: printLink }),
});

/** Without Kafka. With a mail account: `smtpPublisher` of @fluentmeet/signup/smtp. */
async function printLink({ value }) {
  console.log(`mail to ${value.to}: ${value.data.verification_link}`);
}

await sequelize.sync();
await fluentmeet.migrate();

const app = express();

// POST /api/v1/auth/signup, /verify-email, /resend-verification
app.use('/api/v1/auth', authRouter(fluentmeet));

// A signup as one part of the host's own work: both rows or neither. The password is hashed before the transaction
// begins, so that no connection is held meanwhile; the verification email goes out after the commit.
app.post('/employees', express.json(), async (req, res) => {
  const { department, ...input } = req.body;
  const prepared = await fluentmeet.prepareSignUp(input);
  const account = await sequelize.transaction(async (transaction) => {
    const account = await fluentmeet.signUp(prepared, { transaction });
    await User.create({ accountId: account.id, department }, { transaction });
    return account;
  });
  res.status(201).json({ account, department });
});

// Who is logged in is the host's business; a header stands for its session here.
const accountIdOf = (req) => req.get('x-account-id');

app.get('/meetings', requireVerified(fluentmeet, accountIdOf), (req, res) => {
  res.json({ meetings: [] });
});

// The routes of FluentMeet answer their own errors. Those of the functions above come here, with a code.
app.use((error, req, res, _next) => {
  const { status = 500 } = error;
  if (status === 500) console.error(error);
  res.status(status).json({ error: error.code ?? 'INTERNAL', details: error.details ?? [] });
});

await fluentmeet.start();
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
