import type { QueryInterface, Transaction } from 'sequelize';

interface MigrationContext {
  queryInterface: QueryInterface;
  schema: string;
  transaction: Transaction;
}

/** The pause of all relays; and what pruning goes by, where no column told or no index led to it. */
export async function up({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `create table "${schema}".relay_pause (
       -- One row or none.
       id integer primary key default 1 check (id = 1),
       reason text not null,
       paused_at timestamptz not null default now(),
       -- Null: until somebody resumes.
       paused_until timestamptz
     );
     alter table "${schema}".invites add column spent_at timestamptz;
     -- Tokens are issued in the order in which they expire: a few pages tell which part of the table is old.
     create index verification_tokens_expires_at on "${schema}".verification_tokens
       using brin (expires_at) with (autosummarize = on)`,
    { transaction, logging: false },
  );
}

export async function down({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `drop index "${schema}".verification_tokens_expires_at;
     alter table "${schema}".invites drop column spent_at;
     drop table "${schema}".relay_pause`,
    { transaction, logging: false },
  );
}
