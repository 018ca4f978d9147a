import { expect } from 'chai';
import pg from 'pg';
import { UnsuitableDatabaseError } from '../../src/errors.js';
import { createTestInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

describe('migrating a database that cannot carry our tables', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  const instances: TestInstance[] = [];
  const roles: string[] = [];

  beforeEach(async () => {
    database = await createDatabase();
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
  });
  afterEach(async () => {
    for (const instance of instances.splice(0)) await instance.stop();
    for (const role of roles.splice(0)) await admin.query(`drop owned by ${role}; drop role ${role}`);
    await admin.end();
    await database.drop();
  });

  async function as(role: string, schema = 'app'): Promise<TestInstance> {
    const name = `${role}_${Math.random().toString(36).slice(2, 8)}`;
    await admin.query(`create role ${name} login password 'x'`);
    roles.push(name);
    const url = Object.assign(new URL(database.url), { username: name, password: 'x' });
    const instance = createTestInstance(url.href, { databaseSchema: schema, publisher: 'none' });
    instances.push(instance);
    return instance;
  }

  it('names the encoding, and how to make one in UTF-8', async () => {
    const name = `latin_${Math.random().toString(36).slice(2, 8)}`;
    await admin.query(`create database ${name} encoding 'LATIN1' locale 'C' template template0`);
    const url = Object.assign(new URL(database.url), { pathname: `/${name}` });
    const instance = createTestInstance(url.href, { publisher: 'none' });
    const error = await rejection(instance.fluentmeet.migrate());
    await instance.stop();
    await admin.query(`drop database ${name} with (force)`);
    expect(error).to.be.instanceOf(UnsuitableDatabaseError);
    expect(error.message).to.include('LATIN1').and.include("encoding 'UTF8' template template0");
  });

  it('names the schema that the role may not make', async () => {
    const instance = await as('guest');
    const error = await rejection(instance.fluentmeet.migrate());
    expect(error).to.be.instanceOf(UnsuitableDatabaseError);
    expect(error.message).to.include(`create schema "app" authorization "${roles[0]}"`);
    await admin.query(error.message.split('administrator: ')[1]);
    expect(await instance.fluentmeet.migrate()).not.to.deep.equal([]);
  });

  it('names the GRANT that is missing on the schema', async () => {
    await admin.query('create schema app');
    const instance = await as('guest');
    const error = await rejection(instance.fluentmeet.migrate());
    expect(error.message).to.include(`grant usage, create on schema "app" to "${roles[0]}"`);
    await admin.query(error.message.split('owner: ')[1]);
    expect(await instance.fluentmeet.migrate()).not.to.deep.equal([]);
  });

  it("names the owner of the tables where they are another role's", async () => {
    const owner = createTestInstance(database.url, { databaseSchema: 'app', publisher: 'none' });
    instances.push(owner);
    await owner.fluentmeet.migrate();
    await owner.context.migrator.down();
    const instance = await as('guest');
    await admin.query(
      `grant usage, create on schema app to ${roles[0]}; grant all on all tables in schema app to ${roles[0]}`,
    );
    const error = await rejection(instance.fluentmeet.migrate());
    expect(error).to.be.instanceOf(UnsuitableDatabaseError);
    expect(error.message).to.match(/belong to "\w+".*grant "\w+" to/);
  });

  it('says nothing of rights that nobody needs: all is applied', async () => {
    const owner = createTestInstance(database.url, { databaseSchema: 'app', publisher: 'none' });
    instances.push(owner);
    await owner.fluentmeet.migrate();
    const instance = await as('guest');
    await admin.query(
      `grant usage on schema app to ${roles[0]}; grant select on app.fluentmeet_migrations to ${roles[0]}`,
    );
    expect(await instance.fluentmeet.migrate()).to.deep.equal([]);
  });
});
