import pg from 'pg';

/** A connection of the harness's own, which a database that is broken on purpose cannot crash. */
export async function connectHarness(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'harness',
    connectionTimeoutMillis: 3000,
    query_timeout: 60_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return client;
}
