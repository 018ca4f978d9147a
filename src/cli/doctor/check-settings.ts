import type { Io } from '../terminal/io.js';
import { hostValue, inspectSettings, readTexts, type SettingsRequest } from '../settings/options-from-env.js';
import type { SettingFault } from '../settings/setting-faults.js';
import { settingWarnings, type SettingWarning } from '../settings/setting-warnings.js';
import { type Variable, type VariableGroup, variables } from '../settings/variables.js';
import { fail, type Finding, ok, warn } from './finding.js';

const groups: readonly VariableGroup[] = ['database', 'links', 'kafka', 'emails', 'signup', 'server', 'dev'];

/** What else `fluentmeet serve` refuses to start without, or a host whose module leaves the publishing to a relay elsewhere. */
function requiredOf({ hostOptions }: Pick<Io, 'hostOptions'>): SettingsRequest['required'] {
  const ours = ['FLUENTMEET_PUBLIC_URL', 'FLUENTMEET_SECRET'] as const;
  return hostOptions?.publisher === 'none' ? ours : [...ours, ['KAFKA_BROKERS', 'SMTP_URL']];
}

/** A line for each variable; what is secret is never shown. */
export function checkSettings(io: Pick<Io, 'env' | 'cwd' | 'hostOptions'>): Finding[] {
  const { faults } = inspectSettings(io, { groups, required: requiredOf(io) });
  const texts = readTexts(io, []);
  const warnings = settingWarnings(io);
  const strangers = warnings.filter(({ variable }) => !variables.some(({ name }) => name === variable));
  const others = faults.filter(({ variable }) => !variables.some(({ name }) => name === variable));
  return [
    ...others.map(({ variable, message }) => fail(variable, message, 'Fix it or remove it.')),
    ...variables.map((variable) =>
      checkVariable(
        io,
        variable,
        texts[variable.name]?.trim(),
        hostValue(io.hostOptions ?? {}, variable.name),
        faults.find((fault) => fault.variable === variable.name),
        warnings.find((warning) => warning.variable === variable.name),
      ),
    ),
    ...strangers.map(({ variable, message, advice }) => warn(variable, message, advice)),
    ...checkThreads(io.env['UV_THREADPOOL_SIZE']),
  ];
}

function checkVariable(
  io: Pick<Io, 'hostOptions'>,
  variable: Variable,
  text: string | undefined,
  hosts: unknown,
  fault: SettingFault | undefined,
  warning: SettingWarning | undefined,
): Finding {
  const { name, meaning, secret, default: initial } = variable;
  if (fault && !text && hosts === undefined) {
    const forHosts = io.hostOptions ? '' : ' For an app that mounts the module: --config with its options.';
    return fail(name, 'is not set', `Set it in the environment or in .env: ${meaning}.${forHosts}`);
  }
  if (fault) return fail(name, fault.message, `What it says: ${meaning}.`);
  if (!text && hosts !== undefined) {
    const plain = typeof hosts === 'string' || typeof hosts === 'number' || typeof hosts === 'boolean';
    return ok(name, `given by the host's module${plain && !secret ? `: ${hosts}` : ''}`);
  }
  if (!text) return ok(name, initial === undefined ? 'not set' : `not set; ${initial}`);
  if (name === 'FLUENTMEET_BCRYPT_COST' && Number(text) < 10) {
    return warn(name, `${text} is for tests`, '"fluentmeet serve" refuses less than 10.');
  }
  if (name === 'FLUENTMEET_TRUST_PROXY' && text === 'true') {
    return warn(
      name,
      'true lets any client forge its address, and escape the rate limits',
      'Set it to the number of proxies in front, or to their addresses.',
    );
  }
  if (warning) return warn(name, warning.message, warning.advice);
  return ok(name, secret ? 'set (not shown)' : text);
}

/** Of libuv, and not in our list: hashing passwords shares its threads with DNS, files and new connections. */
function checkThreads(text: string | undefined): Finding[] {
  const name = 'UV_THREADPOOL_SIZE';
  if (!text?.trim()) return [];
  if (Number(text) >= 2) return [ok(name, text)];
  return [
    warn(
      name,
      'leaves no thread beside the one that hashes passwords: DNS and new connections wait behind it',
      "Set it to the number of cores and one more, or leave it out (Node's own is 4).",
    ),
  ];
}
