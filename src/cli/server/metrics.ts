import type { NextFunction, Request, Response } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type OutboxStats, outboxStats } from '../../outbox/outbox-stats.js';
import { currentPause } from '../../outbox/relay-pause.js';
import { type FluentMeet, internalsOf } from '../../fluentmeet.js';
import { type Logger, loggerOf } from '../../logger.js';
import { version } from '../../version.js';

const routes = [
  '/signup',
  '/api/v1/auth/signup',
  '/api/v1/auth/signup/status',
  '/api/v1/auth/verify-email',
  '/api/v1/auth/resend-verification',
  '/healthz',
  '/readyz',
  '/openapi.json',
  '/openapi',
];
const methods = ['GET', 'HEAD', 'POST', 'OPTIONS'];

export type Metrics = ReturnType<typeof createMetrics>;

/** In a registry of its own: prom-client's global one would mix with a host's. Labels hold no data of people. */
export function createMetrics() {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const requests = new Histogram({
    name: 'fluentmeet_http_request_duration_seconds',
    help: 'Requests by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const events = new Counter({
    name: 'fluentmeet_events_total',
    help: 'Events by name: user.signed-up, email.published, email.dead, relay.away and so on.',
    labelNames: ['event'],
    registers,
  });
  const published = new Histogram({
    name: 'fluentmeet_publish_seconds',
    help: 'From the commit of an email, or its replay, until it was published and settled.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600],
    registers,
  });
  new Gauge({
    name: 'fluentmeet_build_info',
    help: '1, with the version of the package and of Node.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.versions.node }, 1);
  let readGauges: (() => Promise<void>) | undefined;
  return {
    async text(): Promise<string> {
      await readGauges?.();
      return register.metrics();
    },
    contentType: register.contentType,
    /** For what else a process counts. */
    registry: register,
    middleware: (req: Request, res: Response, next: NextFunction): void => {
      const start = performance.now();
      const route = routes.includes(req.path) ? req.path : 'other';
      const method = methods.includes(req.method) ? req.method : 'other';
      res.once('close', () => {
        // Without an answer the client has gone; 499 as nginx counts it.
        const status = res.writableEnded ? String(res.statusCode) : '499';
        requests.observe({ method, route, status }, (performance.now() - start) / 1000);
      });
      next();
    },
    /** The same logger, with every event but those of debugging counted by its name. */
    countEvents(logger: Logger): Logger {
      return loggerOf((level) => (data, message) => {
        const { event, seconds } = data;
        if (level !== 'debug') events.inc({ event });
        if (event === 'email.published' && typeof seconds === 'number')
          published.observe(Math.max(0, seconds));
        logger[level](data, message);
      });
    },
    /** From now on the gauges of the outbox and the relay are there. */
    observe(fluentmeet: FluentMeet): void {
      readGauges = gaugesOf(fluentmeet, registers);
    },
  };
}

/** Of the outbox: the name of each of its figures, and what it means. */
const emailGauges: Readonly<Record<keyof OutboxStats, readonly [name: string, help: string]>> = {
  pending: ['fluentmeet_emails_pending', 'Emails waiting.'],
  held: ['fluentmeet_emails_held', 'Emails that wait until their mailboxes or domains may get more.'],
  heldForDomains: ['fluentmeet_emails_held_domain', 'Of those held: waiting for their domains.'],
  dead: ['fluentmeet_emails_dead', 'Emails that failed for good.'],
  oldestPendingSeconds: [
    'fluentmeet_emails_oldest_pending_seconds',
    'How long the oldest waiting email has been due; one that was refused is due again at its next attempt.',
  ],
};

/** Made anew at each scrape. Those of the outbox are NaN until the database first answered. */
function gaugesOf(fluentmeet: FluentMeet, registers: Registry[]): () => Promise<void> {
  const internals = internalsOf(fluentmeet);
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const emails = Object.entries(emailGauges).map(([figure, [name, help]]) => ({
    figure: figure as keyof OutboxStats,
    shown: gauge(name, help),
  }));
  const passwords = gauge('fluentmeet_passwords_pending', 'Passwords waiting for their hash.');
  const relay = gauge(
    'fluentmeet_relay_running',
    "1 while this relay is at work, an operator's pause included; 0 while its publisher (Kafka, say) or the database is away, and when it is off.",
  );
  const stale = gauge(
    'fluentmeet_emails_stale',
    '1 while the database is away, and the gauges of emails have their last values.',
  );
  const connections = new Gauge({
    name: 'fluentmeet_database_connections',
    help: 'Of the pool: used by a statement or a transaction, waited for by one, and the most there may be.',
    labelNames: ['state'],
    registers,
  });
  const relayHeld = gauge('fluentmeet_relay_held', '1 while an operator holds up every relay (relay pause).');
  for (const one of [...emails.map(({ shown }) => shown), relayHeld]) one.set(Number.NaN);
  return async () => {
    const { database, hasher } = internals;
    let held = false;
    try {
      const stats = await outboxStats(internals);
      for (const { figure, shown } of emails) shown.set(stats[figure]);
      held = (await currentPause(internals)) !== null;
      relayHeld.set(held ? 1 : 0);
      stale.set(0);
    } catch {
      // An alert on the others must not fall silent now.
      stale.set(1);
    }
    const pool = database.poolUse?.();
    for (const state of ['used', 'waiting', 'most'] as const)
      connections.set({ state }, pool?.[state] ?? Number.NaN);
    passwords.set(hasher.pending);
    // A pause that began in an outage leaves a relay none the wiser of how that ended.
    const { state } = internals.relay;
    relay.set(state === 'running' || (held && state === 'away') ? 1 : 0);
  };
}
