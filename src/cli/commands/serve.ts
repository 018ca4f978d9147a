import type { RequestListener } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createFluentMeet, type FluentMeet, internalsOf } from '../../fluentmeet.js';
import type { Logger } from '../../logger.js';
import express from 'express';
import { signupPage } from '../../http/index.js';
import type { Cli } from '../cli.js';
import type { ExitCode } from '../cli-error.js';
import { readSettings, type Settings } from '../settings/options-from-env.js';
import { createApp, createStartingApp } from '../server/app.js';
import type { Defer } from '../server/cleanup.js';
import { findSchema } from '../server/find-schema.js';
import { createHealth } from '../server/health.js';
import { listen } from '../server/listen.js';
import { connectRedis, redisRateLimits } from '../server/redis-client.js';
import { runServer } from '../server/run-server.js';
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
  return runServer(cli, server, 'server', async (running) => {
    const { logger, metrics, stopping, defer } = running;
    const fluentmeet = await openFluentMeet(settings, logger, withRelay, defer);
    const health = createHealth(fluentmeet);
    metrics.observe(fluentmeet);
    // Before the server, so that it closes after it: draining is worth watching.
    await running.listenForAdmin(health);
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
    await running.untilStopped();
    health.drain();
    listening.drain();
    // It claims nothing more from now on; what it has in flight has all the time that the requests have.
    void internalsOf(fluentmeet).relay.stop();
    await delay(server.stopDelay);
  });
}

function readServeSettings({ io }: Cli, { port, host }: ServeFlags, withRelay: boolean): Settings {
  const { env } = io;
  return readSettings(
    { ...io, env: { ...env, PORT: port ?? env['PORT'], HOST: host ?? env['HOST'] } },
    {
      groups: ['database', 'links', 'emails', 'signup', 'server', ...(withRelay ? (['kafka'] as const) : [])],
      required: [
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
