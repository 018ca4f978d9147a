import type { QueryInterface, Transaction } from 'sequelize';

interface MigrationContext {
  queryInterface: QueryInterface;
  schema: string;
  transaction: Transaction;
}

/** An invite may be for everybody with an address in one domain. */
export async function up({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(`alter table "${schema}".invites add column domain text`, {
    transaction,
    logging: false,
  });
}

export async function down({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `-- They would be for anyone.
     update "${schema}".invites set revoked_at = now() where domain is not null and revoked_at is null;
     alter table "${schema}".invites drop column domain`,
    { transaction, logging: false },
  );
}
