import type { RequestListener } from 'node:http';
import path from 'node:path';
import { untilAborted } from '../../deadline.js';
import { type DataFolder, openDataFolder } from '../../dev/data-folder.js';
import { createDevPublisher } from '../../dev/dev-publisher.js';
import { devRoutes } from '../../dev/dev-routes.js';
import { ensureTopic } from '../../dev/ensure-topic.js';
import { isOwnName } from '../../dev/own-names.js';
import type { KafkaOptions } from '../../options/kafka-options.js';
import type { Publisher } from '../../outbox/publisher.js';
import { createKafkaPublisher } from '../../publishers/kafka/kafka-publisher.js';
import { openMailbox } from '../../publishers/mailbox/mailbox-publisher.js';
import { smtpPublisher } from '../../publishers/smtp/smtp-publisher.js';
import { createFluentMeet, internalsOf } from '../../fluentmeet.js';
import type { Logger } from '../../logger.js';
import type { Cli } from '../cli.js';
import { CliError, type ExitCode, exitCodes } from '../cli-error.js';
import { createCommandLogger } from '../command-logger.js';
import { readSettings, type Settings } from '../settings/options-from-env.js';
import { styled } from '../terminal/cell.js';
import { shellWord } from '../terminal/shell-word.js';
import { requirePackageOf } from '../settings/require-package.js';
import { createApp } from '../server/app.js';
import { withCleanup } from '../server/cleanup.js';
import { setLastDeadline, stopPatience } from '../server/last-deadline.js';
import { listen } from '../server/listen.js';
import { createServerLogger } from '../server/server-logger.js';
import { chooseDevDatabase, type DevDatabase, requireThisMachine, startOwnDatabase } from './dev-database.js';

interface DevFlags {
  port?: string;
  host?: string;
}

export async function dev(cli: Cli, flags: DevFlags): Promise<ExitCode> {
  const database = chooseDevDatabase(cli);
  const settings = readDevSettings(cli, flags, database);
  const logger = createDevLogger(cli, settings.server.logLevel);
  const stopping = cli.interruption();
  const ended = setLastDeadline({ io: cli.io, logger, stopping }, stopPatience);
  await withCleanup(async (defer) => {
    // The port first: the links need its number, and a taken one should be known before a database is made.
    let handler: RequestListener = answerStarting;
    const answer: RequestListener = (req, res) =>
      isOwnName(req.headers.host, settings.server.host) ? handler(req, res) : refuseName(req, res);
    const listening = await listen(answer, {
      ...settings.server,
      portAdvice: 'Choose another: fluentmeet dev --port 3001, or --port 0 for any free one.',
    });
    defer(() => listening.close());
    const folder = await openOwnFolder(settings.dataDirectory);
    const own = database === 'own' ? await startOwnDatabase(folder, defer) : {};
    const mailbox = await openMailbox(folder.mailbox);
    const { publisher, alsoTo } = openDevPublishers(settings, mailbox, logger);
    defer(() => publisher.close());
    const fluentmeet = createFluentMeet({
      ...settings.options,
      ...own,
      publicUrl: listening.url,
      // Not the host's, whose app this is not.
      verificationUrl: undefined,
      secret: folder.secret,
      kafka: undefined,
      publisher,
      brand: { ...settings.options.brand, signupUrl: `${listening.url}/` },
      logger,
    });
    defer(() => fluentmeet.stop());
    if (database === 'given') await requireThisMachine(internalsOf(fluentmeet));
    await fluentmeet.migrate();
    await fluentmeet.start();
    const pages = devRoutes(fluentmeet, mailbox, {
      from: settings.mail?.from,
      alsoTo,
    });
    handler = createApp({ fluentmeet, logger, trustProxy: settings.server.trustProxy, beside: [pages] });
    if (database === 'own' && settings.options.hooks) {
      cli.output.note('Hooks are called with this database: what they write to must be a table in it.');
    }
    announce(cli, listening.url, database === 'own' ? folder.databaseUrlFile : undefined, alsoTo);
    await untilAborted(stopping);
    cli.output.note('Stopping …');
  }).finally(ended);
  return exitCodes.done;
}

function readDevSettings({ io }: Cli, { port, host }: DevFlags, database: DevDatabase): Settings {
  const { env } = io;
  const given = ['database'] as const;
  return readSettings(
    { ...io, env: { ...env, PORT: port ?? env['PORT'], HOST: host ?? env['HOST'] } },
    { groups: ['emails', 'kafka', 'signup', 'server', 'dev', ...(database === 'given' ? given : [])] },
  );
}

function createDevLogger({ io, output }: Cli, level: string): Logger {
  return io.stderr.isTTY ? createCommandLogger(output, { level, time: true }) : createServerLogger(io, level);
}

/** @throws CliError where nothing can be kept there */
async function openOwnFolder(folder: string): Promise<DataFolder> {
  try {
    return await openDataFolder(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CliError(`nothing can be kept in ${folder} (${code})`, {
      advice: 'Name a folder that this user may write to: FLUENTMEET_DATA_DIR.',
      cause: error,
    });
  }
}

/** RFC 9110, section 15.5.20. */
const refuseName: RequestListener = (_req, res) => {
  res.writeHead(421, { 'Content-Type': 'text/plain' }).end('This server does not answer to that name.\n');
};

const answerStarting: RequestListener = (_req, res) => {
  res.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'text/plain' }).end('Starting …\n');
};

function announce(
  { io, output }: Cli,
  url: string,
  databaseUrlFile: string | undefined,
  alsoTo: readonly string[],
): void {
  output.details([
    ['Sign up', styled('cyan', `${url}/`)],
    ['Mailbox', styled('cyan', `${url}/mailbox`)],
    ['API', `${url}/api/v1/auth/signup`],
    ['OpenAPI', `${url}/openapi`],
    ...(alsoTo.length > 0 ? [['Emails go to', alsoTo.join(', ')] as const] : []),
  ]);
  if (databaseUrlFile !== undefined) {
    const relative = path.relative(io.cwd, databaseUrlFile);
    const file = relative.startsWith('..') ? databaseUrlFile : relative;
    // Styled, it is left as it is: with --config a folder "fluentmeet app" would be read as a command.
    const word = styled('cyan', shellWord(file));
    output.note('For other commands on this database: export DATABASE_URL="$(cat ', word, ')"');
  }
  output.note('Ctrl-C stops everything; users and emails stay.');
}

/** Where `dev` publishes: its mailbox, and what else is set; `alsoTo` in words, for people, never with a password. */
function openDevPublishers({ options, mail }: Settings, mailbox: Publisher, logger: Logger) {
  const { kafka, emailTopic: topic = 'notifications.email' } = options;
  const others: Publisher[] = [];
  const alsoTo: string[] = [];
  if (kafka) {
    others.push(withTopic(createKafkaPublisher({ kafka, topic, logger }), { kafka, topic, logger }));
    alsoTo.push(`Kafka (${kafka.brokers.join(', ')})`);
  }
  if (mail) {
    requirePackageOf('SMTP_URL');
    others.push(smtpPublisher(mail));
    alsoTo.push(`their readers (${new URL(mail.url).host})`);
  }
  return { publisher: createDevPublisher(mailbox, others), alsoTo };
}

/** A developer's Kafka need not have the topic. */
function withTopic(
  publisher: Publisher,
  { kafka, topic, logger }: { kafka: KafkaOptions; topic: string; logger: Logger },
): Publisher {
  let isThere = false;
  return {
    ...publisher,
    async publish(emails) {
      if (!isThere && (await ensureTopic(kafka, topic, logger))) {
        logger.info({ event: 'kafka.topic-created', topic }, 'The topic was missing, and is created');
      }
      isThere = true;
      return publisher.publish(emails);
    },
  };
}
