import type { QueryInterface, Transaction } from 'sequelize';

interface MigrationContext {
  queryInterface: QueryInterface;
  schema: string;
  transaction: Transaction;
}

export async function up({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `create table "${schema}".mailbox_counts (
       -- A keyed hash of the address without its +tag: no account and no address, so that the counts outlive both.
       mailbox bytea not null,
       budget text not null,
       times timestamptz[] not null default '{}',
       skipped integer not null default 0,
       granted boolean not null default true,
       expires_at timestamptz not null,
       constraint mailbox_counts_pkey primary key (mailbox, budget)
     );
     alter table "${schema}".email_outbox
       drop constraint email_outbox_status_check,
       add constraint email_outbox_status_check
         check (status in ('pending', 'held', 'published', 'dead', 'obsolete'));
     create index email_outbox_held on "${schema}".email_outbox (next_attempt_at) where status = 'held'`,
    { transaction, logging: false },
  );
}

export async function down({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `drop index "${schema}".email_outbox_held;
     update "${schema}".email_outbox set status = 'pending' where status = 'held';
     alter table "${schema}".email_outbox
       drop constraint email_outbox_status_check,
       add constraint email_outbox_status_check check (status in ('pending', 'published', 'dead', 'obsolete'));
     drop table "${schema}".mailbox_counts`,
    { transaction, logging: false },
  );
}
