import type { RequestListener } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createFluentMeet, type FluentMeet, internalsOf } from '../../fluentmeet.js';
import type { Logger } from '../../logger.js';
import express from 'express';
import { signupPage } from '../../http/index.js';
import type { Cli } from '../cli.js';
import { type ExitCode, exitCodes } from '../cli-error.js';
import { readSettings, type Settings } from '../options-from-env.js';
import { createApp, createStartingApp } from '../server/app.js';
import { type Defer, withCleanup } from '../server/cleanup.js';
import { findSchema } from '../server/find-schema.js';
import { createHealth } from '../server/health.js';
import { setLastDeadline, stopPatience } from '../server/last-deadline.js';
import { listen } from '../server/listen.js';
import { listenForAdmin } from '../server/listen-for-admin.js';
import { logSettingWarnings } from '../server/log-setting-warnings.js';
import { createMetrics } from '../server/metrics.js';
import { connectRedis } from '../server/redis-client.js';
import { redisRateLimits } from '../server/redis-store.js';
import { createServerLogger } from '../server/server-logger.js';
import { untilAborted } from '../server/until-aborted.js';
import { yieldHashing } from '../server/yield-hashing.js';

export interface ServeFlags {
  /** false with `--no-relay`. */
  relay?: boolean;
  port?: string;
  host?: string;
  /** How long to wait for the database, in milliseconds. */
  wait?: number;
}

export async function serve(cli: Cli, flags: ServeFlags): Promise<ExitCode> {
  const withRelay = flags.relay !== false;
  const settings = readServeSettings(cli, flags, withRelay);
  const { server } = settings;
  const metrics = createMetrics();
  const logger = metrics.countEvents(createServerLogger(cli.io, server.logLevel));
  logSettingWarnings(cli.io, logger);
  const stopping = cli.interruption();
  const ended = setLastDeadline({ io: cli.io, logger, stopping }, server.stopDelay + stopPatience);
  await withCleanup(async (defer) => {
    const fluentmeet = await openFluentMeet(settings, logger, withRelay, defer);
    const health = createHealth(fluentmeet);
    metrics.observe(fluentmeet);
    // Before the server, so that it closes after it: draining is worth watching.
    await listenForAdmin(server, { health, metrics, logger, defer });
    // Before the database is there, so that whoever watches us sees that we live.
    let handler: RequestListener = createStartingApp(health);
    const listening = await listen((req, res) => handler(req, res), {
      ...server,
      portAdvice: 'Choose another: --port, or PORT.',
    });
    defer(() => listening.close());
    const migrations = await findSchema(fluentmeet, { ...flags, logger, stopping });
    if (stopping.aborted) return;
    health.started(migrations);
    if (withRelay) await fluentmeet.start();
    await yieldHashing();
    handler = createApp({
      fluentmeet,
      logger,
      trustProxy: server.trustProxy,
      before: [metrics.middleware],
      beside: [health.router, express.Router().use('/signup', signupPage(fluentmeet))],
    });
    logger.info(
      { event: 'server.listening', url: listening.url, host: server.host, relay: withRelay },
      'Listening',
    );
    await untilAborted(stopping);
    logger.info({ event: 'server.stopping' }, 'Stopping');
    health.drain();
    listening.drain();
    // It claims nothing more from now on; what it has in flight has all the time that the requests have.
    void internalsOf(fluentmeet).relay.stop();
    await delay(server.stopDelay);
  });
  logger.info({ event: 'server.stopped' }, 'Stopped');
  ended();
  return exitCodes.done;
}

function readServeSettings({ io }: Cli, { port, host }: ServeFlags, withRelay: boolean): Settings {
  const flags = {
    ...(port === undefined ? {} : { PORT: port }),
    ...(host === undefined ? {} : { HOST: host }),
  };
  return readSettings(
    { ...io, env: { ...io.env, ...flags } },
    {
      groups: ['database', 'links', 'emails', 'signup', 'server', ...(withRelay ? (['kafka'] as const) : [])],
      required: [
        'DATABASE_URL',
        'FLUENTMEET_PUBLIC_URL',
        'FLUENTMEET_SECRET',
        ...(withRelay ? ([['KAFKA_BROKERS', 'SMTP_URL']] as const) : []),
      ],
      production: true,
    },
  );
}

async function openFluentMeet(
  settings: Settings,
  logger: Logger,
  withRelay: boolean,
  defer: Defer,
): Promise<FluentMeet> {
  const { options, server } = settings;
  const redis = server.redisUrl === undefined ? undefined : await connectRedis(server.redisUrl, logger);
  if (redis) defer(() => redis.close());
  defer(() => settings.close());
  const fluentmeet = createFluentMeet({
    ...options,
    ...(withRelay ? {} : { kafka: undefined, publisher: 'none' }),
    brand: { signupUrl: `${options.publicUrl.replace(/\/+$/, '')}/signup`, ...options.brand },
    ...(redis ? { rateLimitStore: redisRateLimits(redis) } : {}),
    logger,
  });
  defer(() => fluentmeet.stop());
  return fluentmeet;
}
