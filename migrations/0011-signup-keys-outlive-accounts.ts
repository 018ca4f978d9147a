import type { QueryInterface, Transaction } from 'sequelize';

interface MigrationContext {
  queryInterface: QueryInterface;
  schema: string;
  transaction: Transaction;
}

/**
 * A key whose account is removed stays until it is pruned: one that is gone told, where known addresses are concealed, that
 * its address had been new.
 */
export async function up({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `alter table "${schema}".signup_keys
       drop constraint signup_keys_user_id_fkey,
       add constraint signup_keys_user_id_fkey foreign key (user_id)
         references "${schema}".users on delete set null`,
    { transaction, logging: false },
  );
}

export async function down({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `alter table "${schema}".signup_keys
       drop constraint signup_keys_user_id_fkey,
       add constraint signup_keys_user_id_fkey foreign key (user_id)
         references "${schema}".users on delete cascade`,
    { transaction, logging: false },
  );
}
