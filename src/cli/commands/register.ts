import { publishNow, type PublishNowResult } from '../../relay/publish-now.js';
import { EmailAlreadyRegisteredError, ValidationError } from '../../errors.js';
import type { FaultDetail } from '../../faults.js';
import type { Internals } from '../../fluentmeet.js';
import { prepareSignUp } from '../../signup/prepare-sign-up.js';
import { signUp } from '../../signup/sign-up.js';
import {
  type ChosenFields,
  defaultLanguage,
  fieldFault,
  type ParsedSignUp,
  type SignUpInput,
} from '../../signup/signup-input.js';
import { canonicalEmailAddress } from '../../users/email-address.js';
import { isEmailTaken } from '../../users/is-email-taken.js';
import { languageChoices } from '../../users/language.js';
import { passwordPolicyFault } from '../../passwords/password-policy.js';
import type { PublicProfile } from '../../users/public-profile.js';
import type { Cli } from '../cli.js';
import type { SettingsRequest } from '../settings/options-from-env.js';
import { styled } from '../terminal/cell.js';
import type { Choice } from '../terminal/prompts.js';
import { readPasswordFromStdin } from '../terminal/read-password.js';
import { withFluentMeet } from '../with-fluentmeet.js';
import { attributeOf, listedRegisterFields, type RegisterFieldFlags } from './register-fields.js';

/** Milliseconds that the operator waits for Kafka before the email is left to a relay. */
const patience = 10_000;

const request: SettingsRequest = {
  groups: ['database', 'links', 'emails', 'kafka', 'signup'],
  required: ['FLUENTMEET_PUBLIC_URL', 'FLUENTMEET_SECRET'],
};

export interface RegisterFlags extends RegisterFieldFlags {
  email?: string;
  passwordStdin?: boolean;
}

export async function register(cli: Cli, flags: RegisterFlags): Promise<void> {
  await withFluentMeet(cli, request, async (internals) => {
    const input = await completeInput(cli, flags, internals);
    // The operator's own right: no invite is asked for.
    const prepared = await prepareSignUp(internals, input, { operator: true });
    const interruption = cli.interruption();
    const user = await signUp(internals, prepared);
    const email = await publishOwnEmail(internals, user.id, interruption);
    showResult(cli, user, email, internals);
  });
}

async function completeInput(cli: Cli, flags: RegisterFlags, internals: Internals): Promise<SignUpInput> {
  const { prompts, io } = cli;
  const { languages } = internals.config;
  // Whoever gives the password so has no keyboard here. All that is wrong is then named at once, the password's too.
  const given = flags.passwordStdin ? await readPasswordFromStdin(io) : undefined;
  if (given !== undefined && flags.email !== undefined) {
    return { email: flags.email, password: given, ...chosenIn(flags) };
  }
  refuseFaults(flags, languages);
  prompts.demand([
    ...(flags.email === undefined ? ['--email'] : []),
    ...(given === undefined ? ['--password-stdin'] : []),
  ]);
  // Before the questions: a person should not answer them all to learn that the database is away.
  await internals.models.User.findOne({ attributes: ['id'] });
  const fault = (field: keyof SignUpInput) => (text: string) =>
    fieldFault(field, text, languages)?.message ?? null;
  const email =
    flags.email ??
    (await prompts.input({ flag: '--email', message: 'Email address', fault: fault('email') }));
  await refuseTaken(internals, email);
  const password = await prompts.newPassword({
    flag: '--password-stdin',
    message: 'Password',
    async fault(text) {
      const owner = { email, fullName: flags.name };
      return (await passwordPolicyFault(internals.config, text, owner))?.message ?? null;
    },
  });
  const chosen = chosenIn(flags);
  for (const [field, { flag: name, question: message, isLanguage }] of listedRegisterFields) {
    const flag = `--${name}`;
    chosen[field] ??= isLanguage
      ? await prompts.search({
          ...{ flag, message, choices: toChoices(languages) },
          default: defaultLanguage(languages),
        })
      : await prompts.input({ flag, message, fault: fault(field) });
  }
  return { email, password, ...chosen };
}

function chosenIn(flags: RegisterFlags): Partial<Record<keyof ChosenFields, string>> {
  return Object.fromEntries(
    listedRegisterFields.map(([field, { flag }]) => [field, flags[attributeOf(flag)]]),
  );
}

/** What the flags hold is checked before anything is asked. */
function refuseFaults(flags: RegisterFlags, languages: readonly string[] | undefined): void {
  const given = { email: flags.email, ...chosenIn(flags) };
  const details: FaultDetail[] = [];
  for (const [field, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const fault = fieldFault(field as keyof ParsedSignUp, value, languages);
    if (fault) details.push(fault);
  }
  if (details.length > 0) throw new ValidationError(details);
}

async function refuseTaken(context: Internals, email: string): Promise<void> {
  const canonical = canonicalEmailAddress(email);
  if (canonical.ok && (await isEmailTaken(context, canonical.address)))
    throw new EmailAlreadyRegisteredError();
}

function toChoices(languages: readonly string[] | undefined): Choice<string>[] {
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const all = languages?.map((tag) => ({ tag, name: names.of(tag) ?? tag })) ?? languageChoices();
  return all.map(({ tag, name }) => ({ name: `${name} (${tag})`, value: tag }));
}

async function publishOwnEmail(
  internals: Internals,
  userId: number,
  signal: AbortSignal,
): Promise<PublishNowResult> {
  const { models, publisher } = internals;
  const { id, status } = await models.OutboxEmail.findOne({
    where: { user_id: userId },
    attributes: ['id', 'status'],
    rejectOnEmpty: true,
  });
  const unpublished = { id, status, error: null };
  if (!publisher) return unpublished;
  const [published] = await publishNow(internals, publisher, [String(id)], { patience, signal });
  return published ?? unpublished;
}

function showResult(
  { output, mask }: Cli,
  user: PublicProfile,
  email: PublishNowResult,
  { publisher, config }: Internals,
): void {
  const shown = { ...user, email: mask.address(user.email) };
  const { id, status, error, paused } = email;
  output.result({ user: shown, email: { id, status, error, paused } }, () => {
    output.details([
      ['Id', user.id],
      ['Email', shown.email],
      ['Name', user.full_name],
      ['Speaks', user.speaking_language],
      ['Listens in', user.listening_language],
      ['Registered', new Date(user.created_at)],
      ['Verification email', styled(email.status === 'published' ? 'green' : 'yellow', email.status)],
    ]);
  });
  if (email.status === 'published') {
    output.note(
      config.kafka
        ? `The verification email is on the topic ${config.emailTopic}.`
        : 'The verification email has been published, without Kafka.',
    );
    return;
  }
  if (email.status === 'held') {
    output.note(
      'The verification email is held: its mailbox or its domain has had as many as it may. A relay publishes it later.',
    );
    return;
  }
  if (email.paused !== undefined) {
    output.note(`The verification email waits, for all relays are paused: ${email.paused}.`);
    output.note('It goes out after: fluentmeet relay resume');
    return;
  }
  const reason = publisher
    ? (email.error ?? 'no answer in time')
    : 'neither KAFKA_BROKERS nor SMTP_URL is set here';
  output.note(`The verification email is ${email.status}: ${reason}.`);
  if (email.status === 'pending') {
    output.note(
      'A relay publishes it: "fluentmeet serve" or "fluentmeet relay", as soon as one runs and reaches its publisher.',
    );
  }
}
