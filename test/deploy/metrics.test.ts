import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { parse, stringify } from 'yaml';
import { runCli } from '../cli/run-cli.js';
import { type RunningServer, runServer } from '../cli/run-server.js';
import { skipFor } from '../support/skip.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

interface Rule {
  alert: string;
  expr: string;
  annotations: { description: string; runbook: string };
}
interface Dashboard {
  templating: { list: { name: string; query: string }[] };
  panels: { title: string; description: string; targets: { expr: string }[] }[];
}

const run = promisify(execFile);

describe('the alerts, the dashboard and the table of metrics', () => {
  /** By the process that exposes them. */
  const exposed: Record<'serve' | 'relay' | 'mailer', string> = { serve: '', relay: '', mailer: '' };
  let rules: Rule[];
  let dashboard: Dashboard;
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase();
    const env = {
      DATABASE_URL: database.url,
      KAFKA_BROKERS: '127.0.0.1:1',
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'no-reply@example.com',
      FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
      FLUENTMEET_SECRET: 's'.repeat(32),
      FLUENTMEET_ADMIN_PORT: '0',
      PORT: '0',
    };
    await runCli(['migrate', 'up'], { env });
    const servers: RunningServer[] = [];
    try {
      for (const name of ['serve', 'relay', 'mailer'] as const) {
        const server = runServer([name], { env });
        servers.push(server);
        const { url } = await server.untilEvent('server.admin-listening');
        if (name === 'serve') {
          const { url: own } = await server.untilEvent('server.listening');
          await fetch(`${own as string}/healthz`);
        }
        exposed[name] = await (await fetch(`${url as string}/metrics`)).text();
      }
    } finally {
      for (const { io } of servers) io.signals.emit('SIGTERM');
      await Promise.all(servers.map(({ ended }) => ended));
    }
    const alerts = parse(await readFile('deploy/prometheus/alerts.yml', 'utf8')) as {
      groups: { rules: Rule[] }[];
    };
    rules = alerts.groups.flatMap((group) => group.rules);
    dashboard = JSON.parse(await readFile('deploy/grafana/fluentmeet.json', 'utf8')) as Dashboard;
  });
  after(() => database.drop());

  const expressions = (): string[] => [
    ...rules.map(({ expr }) => expr),
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...dashboard.templating.list.map(({ query }) => query).filter((query) => query.includes('(')),
  ];

  it('ask for metrics and labels alone that a running process exposes', () => {
    const all = Object.values(exposed).join('\n');
    const names = new Set(Object.values(exposed).flatMap((text) => [...samplesOf(text).keys()]));
    const asked = expressions().flatMap((expression) => metricsOf(expression));
    expect(asked.length).to.be.greaterThan(30);
    expect(asked.filter((name) => !names.has(name))).to.deep.equal([]);
    const values = expressions().flatMap((text) => [...text.matchAll(/\b(state|result)="(\w+)"/g)]);
    expect(values.length).to.be.greaterThan(1);
    for (const [value] of values) expect(all).to.contain(value);
  });

  it('find what is misspelt', () => {
    expect(metricsOf('max by (le) (fluentmeet_emials_dead{a="b c"}) > 5 and time() - up[5m]')).to.deep.equal([
      'fluentmeet_emials_dead',
      'up',
    ]);
  });

  it('hold no label whose values have no end, nor anything of a person', () => {
    const labels = new Set(
      Object.values(exposed).flatMap((text) =>
        [...text.matchAll(/^fluentmeet_\w+\{([^}]*)\}/gm)].flatMap(([, list = '']) =>
          [...list.matchAll(/(\w+)="/g)].map(([, label]) => label),
        ),
      ),
    );
    expect([...labels]).to.have.members([
      'event',
      'le',
      'method',
      'node',
      'result',
      'route',
      'state',
      'status',
      'version',
    ]);
  });

  it('lead each alert to a heading of the operators’ page', async () => {
    const page = await readFile('docs/operations.md', 'utf8');
    const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const { alert, annotations } of rules) {
      expect(anchors, alert).to.include(annotations.runbook.replace('docs/operations.md#', ''));
    }
  });

  it('are in docs/monitoring.md, each metric with its processes and its meaning, each panel and alert', async () => {
    const page = await readFile('docs/monitoring.md', 'utf8');
    const rows = [...page.matchAll(/^\| `(fluentmeet_\w+)` +\| (\w+) +\| ([^|]*?) +\| (.*?) +\|$/gm)].map(
      ([, name = '', type = '', processes = '', meaning = '']) =>
        `${name} ${type} (${processes}): ${meaning}`,
    );
    expect(rows).to.deep.equal(describeMetrics(exposed));
    for (const { title } of dashboard.panels) expect(page).to.match(new RegExp(`^\\| ${title} +\\|`, 'm'));
    for (const { alert, annotations } of rules) {
      const [, meaning] = new RegExp(`^\\| \`${alert}\` +\\| (.*?) +\\|$`, 'm').exec(page) ?? [];
      expect(meaning, alert).to.equal(annotations.description);
    }
  });

  it('name events that the code logs, a 500 of our routes among them', async () => {
    const said = rules.map(({ annotations }) => annotations.description).join(' ');
    const events = [...new Set(said.match(/\b[a-z]+\.[a-z-]+\b/g))];
    expect(events).to.include.members(['http.failed', 'server.failed', 'mailer.dead']);
    const files = await readdir('src', { recursive: true });
    const sources = await Promise.all(
      files.filter((file) => file.endsWith('.ts')).map((file) => readFile(path.join('src', file), 'utf8')),
    );
    const code = sources.join('\n');
    expect(events.filter((event) => !code.includes(`event: '${event}'`))).to.deep.equal([]);
  });

  it('are accepted by promtool, which also plays the alerts', async function () {
    const found = await run('promtool', ['--version']).catch(() => undefined);
    // Not on CI: Debian has it with all of Prometheus, 200 MB.
    if (!found) skipFor(this, 'promtool is not installed');
    await run('promtool', ['check', 'rules', 'deploy/prometheus/alerts.yml']);
    await run('promtool', ['test', 'rules', 'deploy/prometheus/alerts.test.yml']);
    const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-rules-'));
    try {
      const asRules = dashboard.panels
        .flatMap(({ targets }) => targets)
        .map(({ expr }, index) => ({
          record: `panel_${index}`,
          expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*'),
        }));
      const file = path.join(folder, 'dashboard.yml');
      await writeFile(file, stringify({ groups: [{ name: 'dashboard', rules: asRules }] }));
      await run('promtool', ['check', 'rules', file]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** Each sample's name with the type and the help of its family. */
function samplesOf(text: string): Map<string, string> {
  const samples = new Map<string, string>();
  for (const [, name = '', type = ''] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    const endings = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    for (const ending of endings) samples.set(name + ending, type);
  }
  return samples;
}

/** What is left of an expression without strings, labels, durations, functions and PromQL's own words. */
function metricsOf(expression: string): string[] {
  const bare = expression
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, ' ')
    .replaceAll(/label_values\((\w+),[^)]*\)/g, '$1');
  const words = bare.match(/[a-zA-Z_:][\w:]*(?!\w*\s*\()/g) ?? [];
  return words.filter((word) => !['and', 'or', 'unless', 'bool', 'offset'].includes(word));
}

function describeMetrics(exposed: Record<string, string>): string[] {
  const found = new Map<string, { type: string; meaning: string; processes: string[] }>();
  for (const [process, text] of Object.entries(exposed)) {
    for (const [, name = '', help = '', type = ''] of text.matchAll(
      /^# HELP (fluentmeet_\w+) (.*)\n# TYPE \w+ (\w+)$/gm,
    )) {
      const one = found.get(name) ?? { type, meaning: help, processes: [] };
      found.set(name, { ...one, processes: [...one.processes, process] });
    }
  }
  return [...found]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([name, { type, meaning, processes }]) => `${name} ${type} (${processes.join(', ')}): ${meaning}`);
}
