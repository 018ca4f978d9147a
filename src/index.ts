export { type ClientOption, createFluentMeet, type FluentMeet } from './fluentmeet.js';
export type { Brand } from './brand.js';
export type { Duration } from './options/duration.js';
export type { AltchaOptions } from './options/challenge-option.js';
export type { MailboxLimit } from './options/mail-limits.js';
export type { KafkaOptions } from './options/kafka-options.js';
export type { FluentMeetOptions } from './options/options.js';
export type { Logger, LogData } from './logger.js';
export type {
  RateLimitCount,
  RateLimitName,
  RateLimitStore,
  RateLimitStoreFactory,
} from './rate-limit-store.js';
export {
  AccountHeldError,
  ChallengeRequiredError,
  DatabaseError,
  EmailAlreadyRegisteredError,
  EmailNotVerifiedError,
  type ErrorCode,
  FluentMeetError,
  HookFailedError,
  InvalidOptionsError,
  InvalidTokenError,
  InviteInvalidError,
  InviteRequiredError,
  isFluentMeetError,
  type KnownError,
  NotFoundError,
  type OptionFault,
  PasswordRequiredError,
  SchemaAheadError,
  SchemaConflictError,
  ServiceUnavailableError,
  SignupClosedError,
  SignUpRefusedError,
  TokenExpiredError,
  TooManyAttemptsError,
  UnsuitableDatabaseError,
  ValidationError,
  WrongPasswordError,
} from './errors.js';
export type { Challenge, ChallengeAttempt } from './challenge/require-challenge.js';
export type { FaultCode, FaultDetail } from './faults.js';
export type { Hooks, RemovedEvent, SignUpAttempt, VerifiedEvent } from './hooks.js';
export type { Stats } from './stats.js';
export type { LoginOptions } from './login/check-password.js';
export type { NewPasswordOptions } from './login/hash-new-password.js';
export type { Models } from './models.js';
export type { DomainCount } from './limits/domain-limit.js';
export type { MailboxCount } from './limits/mailbox-count.js';
export type { EmailRequest } from './outbox/email-request.js';
export type { OutboxStats } from './outbox/outbox-stats.js';
export type { EmailStatus, OutboxEmail } from './outbox/outbox-email.js';
export {
  type EmailHeaders,
  type EmailMessage,
  OutageError,
  type OutgoingEmail,
  type Publisher,
  type PublishMany,
  type PublishOne,
  type PublishResult,
} from './outbox/publisher.js';
export type { EmailTemplate } from './outbox/templates.js';
export {
  renderEmail,
  type RenderedEmail,
  type RenderEmail,
  type RenderOptions,
} from './mail/render-email.js';
export { createKafkaPublisher, type KafkaPublisherOptions } from './publishers/kafka/kafka-publisher.js';
export type { Pause, RelayPause } from './outbox/relay-pause.js';
export type { RelayState } from './relay/relay.js';
export type { AccountReference } from './desk/account.js';
export type { ReplayedEmail, ReplayResult } from './desk/replay-emails.js';
export type { ReplayFilter, ReplayOptions } from './desk/replay-filter.js';
export type { SkippedEmail, SkipReason } from './desk/skipped-emails.js';
export type { Invite } from './invites/invite.js';
export type { PreparedSignUp } from './signup/prepare-sign-up.js';
export type { ProofInput } from './signup/prove-account.js';
export type { SignUpInput } from './signup/signup-input.js';
export type { SignUpKey } from './signup/signup-key.js';
export type { SignUpOptions } from './signup/sign-up.js';
export type { ForeignHashes } from './passwords/foreign-hashes.js';
export type { PasswordBlocklist, PasswordOwner } from './passwords/password-blocklist.js';
export type { PublicProfile } from './users/public-profile.js';
export type { User } from './users/user.js';
export type { ResendRequest } from './verification/resend-verification.js';
export type { VerificationToken } from './verification/verification-token.js';
export type { VerifyResult } from './verification/verify-email.js';
export { builtInWords, type HostWords, type WordKey, type Words } from './words/words.js';
