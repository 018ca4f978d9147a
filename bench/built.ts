import type * as instances from '../src/fluentmeet.js';
import type * as priorities from '../src/cli/server/yield-hashing.js';
import type * as routers from '../src/http/index.js';
import type * as mailers from '../src/mailer/mailer.js';
import type * as logs from '../src/mailer/sent-log.js';
import type * as mails from '../src/mail/render-email.js';
import type * as budgets from '../src/limits/mailbox-budget.js';
import type * as writers from '../src/publishers/smtp/mail-writer.js';
import type * as inputs from '../src/signup/signup-input.js';
import type * as blocklists from '../src/passwords/password-blocklist.js';

/**
 * The package as it is built and shipped. What tsx makes of the sources on the fly carries a helper for each function,
 * which takes a tenth of a signup's processor time and more.
 */
const built = (file: string): Promise<unknown> =>
  import(new URL(`../dist/src/${file}`, import.meta.url).href);

export const { createFluentMeet, internalsOf } = (await built('fluentmeet.js')) as typeof instances;
export const { yieldHashing } = (await built('cli/server/yield-hashing.js')) as typeof priorities;
export const { authRouter, signupPage, signupRouter } = (await built('http/index.js')) as typeof routers;
export const { createMailer } = (await built('mailer/mailer.js')) as typeof mailers;
export const { createMemorySentLog } = (await built('mailer/sent-log.js')) as typeof logs;
export const { renderEmail } = (await built('mail/render-email.js')) as typeof mails;
export const { createMailWriter } = (await built('publishers/smtp/mail-writer.js')) as typeof writers;
export const { mailboxKey } = (await built('limits/mailbox-budget.js')) as typeof budgets;
export const { signUpSchema } = (await built('signup/signup-input.js')) as typeof inputs;
export const { isCommonPassword } = (await built('passwords/password-blocklist.js')) as typeof blocklists;
