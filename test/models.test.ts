import { expect } from 'chai';
import type { Model, ModelStatic, Transaction } from 'sequelize';
import { ourTables } from '../src/database/tables.js';
import type { Models } from '../src/models.js';
import { createMigratedInstance, type TestInstance } from './fluentmeet/test-instance.js';

interface Column {
  type: string;
  nullable: boolean;
  /** As PostgreSQL writes it; `identity` where it makes the numbers. */
  default: string | null;
}

interface Index {
  columns: string[];
  unique: boolean;
  where: string | null;
}

interface TableShape {
  columns: Record<string, Column>;
  primaryKey: string[];
  indexes: Record<string, Index>;
  /** `user_id → users (id) on delete cascade` */
  foreignKeys: string[];
}

type Shapes = Record<string, TableShape>;

const sqlTypes: Record<string, string> = {
  BIGINT: 'bigint',
  INTEGER: 'integer',
  TEXT: 'text',
  BOOLEAN: 'boolean',
  UUID: 'uuid',
  DATE: 'timestamp with time zone',
  BLOB: 'bytea',
};

interface Attribute {
  type: { key: string; type?: { key: string } };
  field: string;
  allowNull?: boolean;
  primaryKey?: boolean;
  autoIncrement?: boolean;
  defaultValue?: unknown;
  references?: { model: string; key: string };
  onDelete?: string;
}

function typeOf({ type }: Attribute): string {
  return type.key === 'ARRAY' ? `${sqlTypes[type.type!.key]}[]` : (sqlTypes[type.key] ?? type.key);
}

function defaultOf(attribute: Attribute): string | null {
  const { autoIncrement, defaultValue: value } = attribute;
  if (autoIncrement) return 'identity';
  if (value === undefined) return null;
  if (Array.isArray(value)) return `'{${value.join()}}'::${typeOf(attribute)}`;
  if (typeof value === 'object') return String((value as { val: unknown }).val);
  return typeof value === 'string' ? `'${value}'::text` : JSON.stringify(value);
}

function shapesOfModels(models: Models): Shapes {
  return Object.fromEntries(
    (Object.values(models) as ModelStatic<Model>[]).map((model) => {
      const attributes = Object.values(model.getAttributes()) as unknown as Attribute[];
      const { tableName, indexes = [] } = model.options;
      const shape: TableShape = {
        columns: Object.fromEntries(
          attributes.map((attribute) => [
            attribute.field,
            {
              type: typeOf(attribute),
              nullable: attribute.allowNull !== false && !attribute.primaryKey,
              default: defaultOf(attribute),
            },
          ]),
        ),
        primaryKey: attributes.filter(({ primaryKey }) => primaryKey).map(({ field }) => field),
        indexes: Object.fromEntries(
          indexes.map(({ name, fields, unique = false, where }) => {
            const condition = Object.entries(where ?? {}).map(
              ([column, value]) => `(${column} = '${value}'::text)`,
            );
            return [name, { columns: fields as string[], unique, where: condition[0] ?? null }];
          }),
        ),
        foreignKeys: attributes.flatMap(({ field, references, onDelete }) =>
          references
            ? [`${field} → ${references.model} (${references.key}) on delete ${onDelete?.toLowerCase()}`]
            : [],
        ),
      };
      return [tableName, shape];
    }),
  );
}

async function shapesOfTables(instance: TestInstance, transaction?: Transaction): Promise<Shapes> {
  const rows = await instance.context.database.query<{ name: string; shape: TableShape }>(
    `select c.relname as name, json_build_object(
       'columns', (
         select json_object_agg(a.attname, json_build_object(
           'type', format_type(a.atttypid, a.atttypmod), 'nullable', not a.attnotnull,
           'default', case when a.attidentity <> '' then 'identity' else pg_get_expr(d.adbin, d.adrelid) end))
         from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
       'primaryKey', coalesce((
         select json_agg(a.attname order by k.place)
         from pg_constraint p cross join unnest(p.conkey) with ordinality k (attnum, place)
         join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
         where p.conrelid = c.oid and p.contype = 'p'), '[]'),
       'indexes', coalesce((
         select json_object_agg(ic.relname, json_build_object(
           'columns', (select json_agg(a.attname order by k.place)
             from unnest(i.indkey) with ordinality k (attnum, place)
             join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum),
           'unique', i.indisunique, 'where', pg_get_expr(i.indpred, i.indrelid)))
         from pg_index i join pg_class ic on ic.oid = i.indexrelid
         where i.indrelid = c.oid and not i.indisprimary), '{}'),
       'foreignKeys', coalesce((
         select json_agg(format('%s → %s (%s) on delete %s', a.attname, f.confrelid::regclass, fa.attname,
           case f.confdeltype when 'c' then 'cascade' when 'n' then 'set null' when 'a' then 'no action' else f.confdeltype::text end))
         from pg_constraint f
         join pg_attribute a on a.attrelid = c.oid and a.attnum = f.conkey[1]
         join pg_attribute fa on fa.attrelid = f.confrelid and fa.attnum = f.confkey[1]
         where f.conrelid = c.oid and f.contype = 'f'), '[]')) as shape
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind = 'r' and c.relname <> 'fluentmeet_migrations'`,
    [],
    transaction,
  );
  return Object.fromEntries(rows.map(({ name, shape }) => [name, shape]));
}

describe('the models', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());

  it('are the migrated tables, column by column, default by default, index by index, in both directions', async () => {
    expect(shapesOfModels(instance.fluentmeet.models)).to.deep.equal(await shapesOfTables(instance));
  });

  it('are those of the one list of tables', () => {
    const tables = Object.values(instance.fluentmeet.models).map(({ options }) => options.tableName);
    expect(tables).to.have.members(ourTables);
  });

  for (const change of [
    'alter table users drop column full_name',
    'alter table users rename column full_name to name',
    'alter table users add column nickname text',
    'alter table users alter column full_name set not null',
    'alter table users alter column full_name type varchar(255)',
    "alter table users alter column speaking_language set default 'fr'",
    'alter table users alter column created_at drop default',
    'alter table users drop constraint users_email_key',
    'alter table email_outbox alter column id drop identity',
    'alter table verification_tokens drop constraint verification_tokens_user_id_fkey',
    'alter table signup_keys drop constraint signup_keys_user_id_fkey, add foreign key (user_id) references users on delete cascade',
    'drop index email_outbox_pending',
    'alter index email_outbox_dead rename to email_outbox_gone',
    'drop index email_outbox_user_id; create unique index email_outbox_user_id on email_outbox (user_id)',
    "drop index email_outbox_held; create index email_outbox_held on email_outbox (next_attempt_at) where status = 'dead'",
    'drop table invites',
    'create table more (id int)',
  ]) {
    it(`would be seen to differ after: ${change}`, async () => {
      const { database } = instance.context;
      const seen = database.transaction(async (transaction) => {
        await database.query(change, [], transaction);
        const tables = await shapesOfTables(instance, transaction);
        expect(tables).not.to.deep.equal(shapesOfModels(instance.fluentmeet.models));
        throw new Error('roll it back');
      });
      expect(await seen.catch(({ message }) => message)).to.equal('roll it back');
    });
  }

  it('have times by the clock of the database', async () => {
    const { Invite } = instance.fluentmeet.models;
    const invite = await Invite.create({ token_hash: Buffer.from('x'), expires_at: new Date() });
    expect(Math.abs(invite.created_at.getTime() - Date.now())).to.be.below(60_000);
  });
});
