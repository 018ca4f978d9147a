import { CliCommand, type Declare, type Run } from './command.js';
import { version } from '../version.js';
import { isRepeatable } from './flag-values.js';
import { declareCompletion } from './commands/completion.command.js';
import { declareDev } from './commands/dev.command.js';
import { declareDoctor } from './commands/doctor.command.js';
import { declareEmails } from './commands/emails.command.js';
import { declareInvites } from './commands/invites.command.js';
import { declareMailer } from './commands/mailer.command.js';
import { declareMigrate } from './commands/migrate.command.js';
import { declareRegister } from './commands/register.command.js';
import { declareRelay } from './commands/relay.command.js';
import { declareServe } from './commands/serve.command.js';
import { declareSeed } from './commands/seed.command.js';
import { declareTokens } from './commands/tokens.command.js';
import { declareUsers } from './commands/users.command.js';

/** In the order of the help. CLI commands live in `commands/<name>.command.ts`. */
const declarations: readonly Declare[] = [
  declareDev,
  declareServe,
  declareMigrate,
  declareRegister,
  declareSeed,
  declareEmails,
  declareRelay,
  declareMailer,
  declareUsers,
  declareTokens,
  declareInvites,
  declareDoctor,
  declareCompletion,
];

/**
 * All commands with their flags and help; nothing is run, and nothing imported but commander.
 *
 * @param run makes the handlers of their actions; by default ones that do nothing
 * @param prepare settings that every command inherits
 */
export function createProgram(
  run: Run = () => async () => {},
  prepare: (program: CliCommand) => void = () => {},
): CliCommand {
  const program = new CliCommand('fluentmeet');
  prepare(program);
  program
    .description('User registration: signups, verification emails, and the queue between them.')
    .option('--debug', 'say more on stderr, with stack traces')
    .option('--config <module>', "JavaScript whose default export is the host's options: hooks, say")
    .option('--as <name>', 'who does this, for the log; default the user of the system')
    .option('--no-input', 'never ask; exit with 2 and the name of what is missing')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command...]', 'show the help of a command')
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
    .version(version, '-V, --version', 'show the version');
  for (const declare of declarations) declare(program, run);
  for (const command of [program, ...commandsOf(program)]) {
    refuseRepeats(command);
    if (command !== program) refuseOfGroup(command);
    command.showHelpAfterError(`How to use it: ${command.path} --help`);
  }
  program.addHelpText(
    'after',
    `
Settings come from the environment and an .env file; "fluentmeet doctor" lists and checks them.

Exit codes:
  0  done                      3    conflict: already registered, or paused
  1  failed                    4    something needed is unreachable
  2  wrong usage or bad input  130  interrupted

Examples:
  # Everything on this machine, with nothing installed
  $ fluentmeet dev

  # What a command does
  $ fluentmeet register --help`,
  );
  return program;
}

/** Of a value that is given twice commander takes the last, and drops the first without a word. */
function refuseRepeats(command: CliCommand): void {
  for (const option of command.options) {
    if (option.isBoolean() || isRepeatable(option.parseArg)) continue;
    let times = 0;
    command.on(`option:${option.name()}`, () => {
      times += 1;
      if (times > 1) command.error(`error: ${option.long} is given ${times} times, and takes one value`);
    });
  }
}

/** A group that runs by itself (`relay`) has flags of its own. Commander takes them before the command behind it, which knows none of them. */
function refuseOfGroup(group: CliCommand): void {
  group.hook('preSubcommand', (_, command) => {
    const given = group.options.find(
      (option) => group.getOptionValueSource(option.attributeName()) === 'cli',
    );
    if (given)
      group.error(`error: ${given.long} is of "${group.path}", and not of "${(command as CliCommand).path}"`);
  });
}

function commandsOf(command: CliCommand): CliCommand[] {
  return (command.commands as CliCommand[]).flatMap((one) => [one, ...commandsOf(one)]);
}
