import pg from 'pg';
import { claimEmails } from '../src/outbox/claim-emails.js';
import type { Internals } from '../src/fluentmeet.js';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

/** How PostgreSQL runs the claim of 500 emails: which scans on which index, and how many blocks it looks at. */
export async function claimPlan(
  context: Internals,
  database: string,
): Promise<{ nodes: string[]; blocks: number }> {
  let statement = { sql: '', bind: [] as unknown[] };
  const recorder = {
    ...context.database,
    async query(sql: string, bind: unknown[] = []) {
      statement = { sql, bind };
      return [];
    },
  };
  await claimEmails({ ...context, database: recorder as never }, { limit: 500, kind: 'healthy' });
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  await client.query('begin');
  const { rows } = await client.query(
    `explain (analyze, buffers, format json) ${statement.sql}`,
    statement.bind,
  );
  // The claim itself is taken back.
  await client.query('rollback');
  await client.end();
  const root = (rows[0] as { 'QUERY PLAN': { Plan: PlanNode }[] })['QUERY PLAN'][0]?.Plan as PlanNode;
  const nodes: string[] = [];
  const visit = (node: PlanNode): void => {
    const target = node['Index Name'] ?? node['Relation Name'];
    if (target) nodes.push(`${node['Node Type']} on ${target}`);
    node.Plans?.forEach(visit);
  };
  visit(root);
  return { nodes, blocks: root['Shared Hit Blocks'] + root['Shared Read Blocks'] };
}
