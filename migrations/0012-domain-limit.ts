import type { QueryInterface, Transaction } from 'sequelize';

interface MigrationContext {
  queryInterface: QueryInterface;
  schema: string;
  transaction: Transaction;
}

/** What `domainLimit` counts: one row for a domain, written by relays alone. */
export async function up({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `create table "${schema}".domain_counts (
       -- A keyed hash, as of mailboxes.
       domain bytea primary key,
       -- The last hour in which places are taken, and how many of it: those before are full.
       hour timestamptz not null,
       count integer not null
     );
     -- The hour in whose count of its domain an email stands.
     alter table "${schema}".email_outbox add column domain_hour timestamptz`,
    { transaction, logging: false },
  );
}

export async function down({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `alter table "${schema}".email_outbox drop column domain_hour;
     drop table "${schema}".domain_counts`,
    { transaction, logging: false },
  );
}
