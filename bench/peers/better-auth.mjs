/**
 * better-auth, as a worker: the same bcrypt, the same PostgreSQL, email verification on. Its mails go nowhere, and its
 * limits and its log are off: in its favour.
 */
import bcrypt from 'bcrypt';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import express from 'express';
import pg from 'pg';
import { answerCalls } from '../worker.js';

answerCalls({
  async start({ database, bcryptCost }) {
    const options = {
      baseURL: 'http://localhost',
      secret: 'a secret that is used for nothing at all here',
      database: new pg.Pool({ connectionString: database, max: 10, idleTimeoutMillis: 0 }),
      logger: { disabled: true },
      rateLimit: { enabled: false },
      telemetry: { enabled: false },
      emailAndPassword: {
        enabled: true,
        requireEmailVerification: true,
        password: {
          hash: (password) => bcrypt.hash(password, bcryptCost),
          verify: ({ hash, password }) => bcrypt.compare(password, hash),
        },
      },
      emailVerification: { sendOnSignUp: true, async sendVerificationEmail() {} },
    };
    await (await getMigrations(options)).runMigrations();
    const app = express();
    app.all('/api/auth/{*any}', toNodeHandler(betterAuth(options)));
    return new Promise((resolve) => {
      const server = app.listen(0, '127.0.0.1', () => resolve(server.address().port));
    });
  },
  memory: () => process.memoryUsage(),
  cpu: () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
});
