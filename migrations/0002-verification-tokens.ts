import type { QueryInterface, Transaction } from 'sequelize';

interface MigrationContext {
  queryInterface: QueryInterface;
  schema: string;
  transaction: Transaction;
}

export async function up({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(
    `create table "${schema}".verification_tokens (
       id uuid primary key,
       user_id bigint not null references "${schema}".users on delete cascade,
       token_hash bytea not null constraint verification_tokens_token_hash_key unique,
       expires_at timestamptz not null,
       used_at timestamptz,
       created_at timestamptz not null default now()
     );
     create index verification_tokens_user_id on "${schema}".verification_tokens (user_id)`,
    { transaction, logging: false },
  );
}

export async function down({ queryInterface, schema, transaction }: MigrationContext): Promise<void> {
  await queryInterface.sequelize.query(`drop table "${schema}".verification_tokens`, {
    transaction,
    logging: false,
  });
}
