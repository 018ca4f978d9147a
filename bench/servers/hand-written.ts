/**
 * The floor, as a worker: express, pg and one prepared statement that writes the same rows with the same hash and
 * token. No validation, no limits, no look whether the address is taken, no log, nobody publishes its emails.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import bcrypt from 'bcrypt';
import express, { type Request, type Response } from 'express';
import pg from 'pg';
import { benchInstance, secret } from '../instance.js';
import { answerCalls } from '../worker.js';

const statement = `
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
  )
  select * from u`;

answerCalls({
  async start({ database, bcryptCost }: { database: string; bcryptCost: number }): Promise<number> {
    const migrating = benchInstance({ database });
    await migrating.migrate();
    await migrating.stop();
    const pool = new pg.Pool({ connectionString: database, max: 10, idleTimeoutMillis: 0 });
    const app = express();
    const signUp = async (req: Request, res: Response): Promise<void> => {
      const { email, password, full_name, speaking_language, listening_language } = req.body;
      const id = randomUUID();
      const token = createHmac('sha256', secret).update(id).digest('hex');
      const { rows } = await pool.query({
        name: 'sign-up',
        text: statement,
        values: [
          email,
          await bcrypt.hash(password, bcryptCost),
          full_name,
          speaking_language,
          listening_language,
          id,
          createHash('sha256').update(token).digest(),
          randomUUID(),
        ],
      });
      const [user] = rows;
      if (user) res.status(201).json({ ...user, id: Number(user.id) });
      else res.status(409).end();
    };
    // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 takes its rejection
    app.post('/signup', express.json(), signUp);
    const server = await new Promise<ReturnType<typeof app.listen>>((resolve) => {
      const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
    });
    return (server.address() as AddressInfo).port;
  },
  cpu: () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
});
