/**
 * The floor, as a worker: express, pg and one prepared statement that writes the same rows with the same hash and
 * token. No validation, no limits, no look whether the address is taken, no log, nobody publishes its emails.
 *
 * With `promises` it does by hand what a signup of ours does besides: a limiter, the same validation and blocklist, the
 * look-up, the count of the mailbox's mails, a line in the log.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import bcrypt from 'bcrypt';
import express, { type Request, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import pg from 'pg';
import { pino } from 'pino';
import { isCommonPassword, mailboxKey, signUpSchema } from '../built.js';
import { benchInstance, secret } from '../instance.js';
import { answerCalls } from '../worker.js';

const statement = (promises: boolean): string => `
  with u as (
    insert into users (email, hashed_password, full_name, speaking_language, listening_language)
    values ($1, $2, $3, $4, $5) on conflict (email) do nothing
    returning id, email, full_name, speaking_language, listening_language, is_active, is_verified, created_at
  ), t as (
    insert into verification_tokens (id, user_id, token_hash, expires_at)
    select $6::uuid, id, $7::bytea, now() + interval '1 day' from u
  ), o as (
    insert into email_outbox (event_id, user_id, verification_token_id, template)
    select $8::uuid, id, $6::uuid, 'verification' from u
  )${promises ? counted : ''}
  select * from u`;

const counted = `, c as (
    insert into mailbox_counts as c (mailbox, budget, times, expires_at)
    select $9::bytea, 'signup', array[now()], now() + interval '25 hours' from u
    on conflict (mailbox, budget) do update set times = (c.times || now())[cardinality(c.times) - 48:], expires_at = excluded.expires_at
  )`;

interface StartOptions {
  database: string;
  bcryptCost: number;
  promises?: boolean;
}

const logger = pino({ level: 'info' }, pino.destination({ dest: '/dev/null', sync: true }));

answerCalls({
  async start({ database, bcryptCost, promises = false }: StartOptions): Promise<number> {
    const migrating = benchInstance({ database });
    await migrating.migrate();
    await migrating.stop();
    const pool = new pg.Pool({ connectionString: database, max: 10, idleTimeoutMillis: 0 });
    const app = express();
    const isTaken = async (email: string): Promise<boolean> => {
      const found = await pool.query({
        name: 'taken',
        text: 'select from users where email = $1',
        values: [email],
      });
      return found.rowCount !== 0;
    };
    const signUp = async (req: Request, res: Response): Promise<void> => {
      const { email, password, full_name, speaking_language, listening_language } = promises
        ? signUpSchema().parse(req.body)
        : req.body;
      if (promises && ((await isCommonPassword(password)) || (await isTaken(email)))) {
        res.status(409).end();
        return;
      }
      const id = randomUUID();
      const token = createHmac('sha256', secret).update(id).digest('hex');
      const { rows } = await pool.query({
        name: 'sign-up',
        text: statement(promises),
        values: [
          email,
          await bcrypt.hash(password, bcryptCost),
          full_name,
          speaking_language,
          listening_language,
          id,
          createHash('sha256').update(token).digest(),
          randomUUID(),
          ...(promises ? [mailboxKey(secret, email)] : []),
        ],
      });
      const [user] = rows;
      if (promises && user) logger.info({ event: 'user.signed-up', userId: Number(user.id) }, 'Signed up');
      if (user) res.status(201).json({ ...user, id: Number(user.id) });
      else res.status(409).end();
    };
    if (promises) app.set('trust proxy', 1).use('/signup', rateLimit({ windowMs: 60_000, limit: 1_000_000 }));
    // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 takes its rejection
    app.post('/signup', express.json(), signUp);
    const server = await new Promise<ReturnType<typeof app.listen>>((resolve) => {
      const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
    });
    return (server.address() as AddressInfo).port;
  },
  cpu: () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
});
