import type { QueryInterface, Transaction } from 'sequelize';

interface MigrationContext {
  queryInterface: QueryInterface;
  schema: string;
  transaction: Transaction;
}

export async function up({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `create table "${schema}".signup_keys (
       -- Keyed hashes of an Idempotency-Key, and of the key and the address together: neither can be read back.
       key_hash bytea primary key,
       address_hash bytea not null,
       -- Null where the address was known before (duplicates: conceal).
       user_id bigint references "${schema}".users on delete cascade,
       created_at timestamptz not null default now()
     );
     create index signup_keys_user_id on "${schema}".signup_keys (user_id);
     create index signup_keys_created_at on "${schema}".signup_keys (created_at)`,
    { transaction, logging: false },
  );
}

export async function down({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(`drop table "${schema}".signup_keys`, { transaction, logging: false });
}
