import type { Io } from '../io.js';
import { inspectSettings, readTexts, type SettingFault } from '../options-from-env.js';
import { type Variable, type VariableGroup, variables } from '../variables.js';
import { fail, type Finding, ok, warn } from './finding.js';

const groups: readonly VariableGroup[] = ['database', 'links', 'kafka', 'emails', 'signup', 'server', 'dev'];

/** What `fluentmeet serve` refuses to start without. */
const required = ['DATABASE_URL', 'KAFKA_BROKERS', 'FLUENTMEET_PUBLIC_URL', 'FLUENTMEET_SECRET'] as const;

/** A line for each variable; what is secret is never shown. */
export function checkSettings(io: Pick<Io, 'env' | 'cwd'>): Finding[] {
  const { faults } = inspectSettings(io, { groups, required });
  const texts = readTexts(io, []);
  const others = faults.filter(({ variable }) => !variables.some(({ name }) => name === variable));
  return [
    ...others.map(({ variable, message }) => fail(variable, message, 'Mend it or remove it.')),
    ...(variables as readonly Variable[]).map((variable) =>
      checkVariable(
        variable,
        texts[variable.name]?.trim(),
        faults.find((fault) => fault.variable === variable.name),
      ),
    ),
  ];
}

function checkVariable(
  variable: Variable,
  text: string | undefined,
  fault: SettingFault | undefined,
): Finding {
  const { name, meaning, secret, default: initial } = variable;
  if (fault && !text) return fail(name, 'is not set', `Set it in the environment or in .env: ${meaning}.`);
  if (fault) return fail(name, fault.message, `It is the ${meaning}.`);
  if (!text) return ok(name, initial === undefined ? 'not set' : `not set; ${initial}`);
  if (name === 'FLUENTMEET_BCRYPT_COST' && Number(text) < 10) {
    return warn(name, `${text} is for tests`, '"fluentmeet serve" refuses less than 10.');
  }
  return ok(name, secret ? 'set (not shown)' : text);
}
