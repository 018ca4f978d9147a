import { html, type Html } from '../../html.js';
import { say, sayHtml } from '../../words/say.js';
import {
  buttonForm,
  buttonLink,
  hiddenFields,
  linkLanguages,
  sendLanguages,
  type Page,
  type Setting,
} from './page.js';
import { haveAccount, type ShownPage, type SignupValues } from './signup-form.js';
import { verifiedPage } from './verification-pages.js';

/** Seconds after which the email can be had again: its mailbox gets one a minute. */
const resendAfter = 60;

/** @param options `conceals`: nobody is told whether the address was known */
export function checkPage(
  setting: Setting,
  values: SignupValues,
  options: { conceals: boolean; sentAgain: boolean },
): Page {
  const { words } = setting.reader;
  const email = values.email;
  return {
    title: say(words, 'check.title'),
    scripted: true,
    changeLanguage: sendLanguages('language'),
    content: html`${languageForm(values, 'check')}
      ${options.sentAgain ? html`<p role="status">${say(words, 'check.again.done')}</p>` : ''}
      <p>${sayHtml(words, options.conceals ? 'check.text.conceal' : 'check.text', { email })}</p>
      <p>${say(words, 'check.spam')}</p>
      ${setting.mailboxUrl === undefined ? '' : buttonLink(setting.mailboxUrl, say(words, 'check.inbox'))}
      ${waiting(setting, values)} ${onceMore(setting, values, 'check')}`,
  };
}

/**
 * After an email that was asked for where the address was taken: a verified account gets none, and no signup of this
 * page's key could be waited for.
 */
export function resentPage(setting: Setting, values: SignupValues): Page {
  const { words } = setting.reader;
  return {
    title: say(words, 'check.title'),
    scripted: true,
    changeLanguage: sendLanguages('language'),
    content: html`${languageForm(values, 'resent')}
      <p><bdi>${values.email}</bdi></p>
      <p>${say(words, 'resent.text')}</p>
      ${setting.mailboxUrl === undefined ? '' : buttonLink(setting.mailboxUrl, say(words, 'check.inbox'))}
      ${haveAccount(setting)} ${onceMore(setting, values, 'resent')}`,
  };
}

/** What to do where no email comes. */
function onceMore(setting: Setting, values: SignupValues, shown: ShownPage): Html {
  const { words } = setting.reader;
  return html`<div class="aside">
    <div data-after="${String(resendAfter)}" data-words="${words['check.again.in']}">
      ${resendForm(setting, { ...values, shown }, say(words, 'check.again'))}
    </div>
    ${changeAddress(setting, values)}
  </div>`;
}

/** Our script asks by the key whether the address was verified, and then goes on. */
function waiting(setting: Setting, { key }: SignupValues): Html {
  const { words } = setting.reader;
  const { brand } = setting.look;
  const verified = verifiedPage(setting);
  const next = brand.afterVerification ?? brand.loginUrl ?? '';
  return html`<p hidden data-key="${key}" data-next="${next}">${say(words, 'check.waiting')}</p>
    <template id="verified">
      <h1 tabindex="-1">${verified.title}</h1>
      ${verified.content}
    </template>`;
}

export function takenPage(setting: Setting, values: SignupValues): Page {
  const { words } = setting.reader;
  const { loginUrl } = setting.look.brand;
  return {
    title: say(words, 'signup.taken.title'),
    scripted: true,
    changeLanguage: sendLanguages('language'),
    content: html`${languageForm(values, 'taken')}
      <p><bdi>${values.email}</bdi></p>
      <p>${say(words, 'signup.taken')}</p>
      ${loginUrl === undefined ? '' : buttonLink(loginUrl, say(words, 'login'))}
      ${resendForm(
        setting,
        { ...values, shown: 'taken' },
        say(words, 'check.again'),
        loginUrl === undefined ? 'first' : 'second',
      )}
      <div class="aside">${changeAddress(setting, values)}</div>`,
  };
}

export function closedPage(setting: Setting): Page {
  const { words } = setting.reader;
  return {
    title: say(words, 'signup.closed.title'),
    changeLanguage: linkLanguages(),
    content: html`<p>${say(words, 'signup.closed')}</p>
      ${haveAccount(setting)}`,
  };
}

/** What was typed goes on to the same page in another language. */
function languageForm(values: SignupValues, shown: ShownPage): Html {
  return html`<form id="language" method="post" action="?" hidden>
    ${hiddenFields({ ...values, shown })}
  </form>`;
}

function changeAddress(setting: Setting, values: SignupValues): Html {
  return actionForm(setting, { ...values, action: 'change' }, say(setting.reader.words, 'check.change'));
}

/** @param values with the page that it stands on */
export function resendForm(
  setting: Setting,
  values: SignupValues & { shown: ShownPage },
  label: string,
  rank?: 'first' | 'second',
): Html {
  return actionForm(setting, { ...values, action: 'resend' }, label, rank);
}

/** The action stands in the address, too: there it can be counted before the form is read. */
function actionForm(
  setting: Setting,
  values: SignupValues & { action: 'resend' | 'change' },
  label: string,
  rank: 'first' | 'second' = 'second',
): Html {
  return buttonForm(setting, values, label, rank, { action: values.action });
}
