import type { QueryInterface, Transaction } from 'sequelize';

interface MigrationContext {
  queryInterface: QueryInterface;
  schema: string;
  transaction: Transaction;
}

/** Which terms of service a person accepted, and when; null for those who were asked for nothing. */
export async function up({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `alter table "${schema}".users
       add column terms_accepted_at timestamptz,
       add column terms_version text`,
    { transaction, logging: false },
  );
}

export async function down({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `alter table "${schema}".users
       drop column terms_accepted_at,
       drop column terms_version`,
    { transaction, logging: false },
  );
}
