import type { Registered, TestInstance } from '../fluentmeet/test-instance.js';

/** Registers somebody, whose verification email then stands like this. */
export async function emailOf(
  instance: TestInstance,
  name: string,
  status = 'dead',
): Promise<Registered & { emailId: number }> {
  const person = await instance.register(name);
  await instance.query(
    `update email_outbox set status = $2, attempts = 3, last_error = 'too large',
       published_at = case when $2 = 'published' then now() - interval '1 minute' end where id = $1`,
    [person.outboxId, status],
  );
  return { ...person, emailId: Number(person.outboxId) };
}

/** That many users with such an email each. */
export async function manyEmails(instance: TestInstance, count: number, status = 'dead'): Promise<void> {
  await instance.query(
    `with u as (
       insert into users (email, hashed_password) select 'many' || n || '@example.com', 'x' from generate_series(1, $1) n returning id
     )
     insert into email_outbox (event_id, user_id, template, status, attempts)
     select gen_random_uuid(), id, 'verification', $2, 3 from u`,
    [count, status],
  );
}

export async function statusOf(instance: TestInstance, id: number): Promise<string | undefined> {
  const [row] = await instance.query<{ status: string }>('select status from email_outbox where id = $1', [
    id,
  ]);
  return row?.status;
}

/** How many emails have each status. */
export async function countStatuses(instance: TestInstance): Promise<Record<string, number>> {
  const rows = await instance.query<{ status: string; count: string }>(
    'select status, count(*) from email_outbox group by status',
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
}
