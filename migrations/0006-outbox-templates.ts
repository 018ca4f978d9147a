import type { QueryInterface, Transaction } from 'sequelize';

interface MigrationContext {
  queryInterface: QueryInterface;
  schema: string;
  transaction: Transaction;
}

/** A template is named by code alone, and a row knows since when it has been due. */
export async function up({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `alter table "${schema}".email_outbox drop constraint email_outbox_template_check;
     -- Null: since it was created. While leased, next_attempt_at tells of the lease.
     alter table "${schema}".email_outbox add column due_at timestamptz`,
    { transaction, logging: false },
  );
}

export async function down({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `alter table "${schema}".email_outbox drop column due_at;
     -- Of new rows: history may hold other templates.
     alter table "${schema}".email_outbox add constraint email_outbox_template_check
       check (template in ('verification', 'account-exists')) not valid`,
    { transaction, logging: false },
  );
}
