import { html, type Html } from '../../html.js';
import { say } from '../../words/say.js';
import { buttonForm, buttonLink, linkLanguages, ownPath, type Page, type Setting } from './page.js';

/** What a page's button does: the action itself, or only the page that asks before it, for the first time or once more. */
export type Step = 'ask' | 'again' | 'do';

export function confirmPage(setting: Setting, token: string): Page {
  const { words } = setting.reader;
  const brand = setting.look.brand.name;
  return {
    title: say(words, 'confirm.title'),
    content: html`<p>${say(words, 'confirm.text', { brand })}</p>
      <p>${say(words, 'confirm.only-if-you')}</p>
      ${buttonForm(setting, { token, action: 'verify', step: 'do' }, say(words, 'confirm.submit'))}
      ${notMe(setting, token)}`,
    changeLanguage: linkLanguages({ token }),
  };
}

/** For who did not sign up. */
export function notMe(setting: Setting, token: string): Html {
  const { words } = setting.reader;
  return html`<div class="aside">
    <p>${say(words, 'confirm.not-me.text')}</p>
    ${buttonForm(setting, { token, action: 'remove', step: 'ask' }, say(words, 'confirm.not-me'), 'second')}
  </div>`;
}

/**
 * On a page of its own, without the button that confirms: a mail scanner that opens the link and submits every form there
 * is removes nothing.
 */
export function removePage(setting: Setting, token: string): Page {
  const { words } = setting.reader;
  return {
    title: say(words, 'remove.title'),
    content: html`<p>${say(words, 'remove.text')}</p>
      ${buttonForm(setting, { token, action: 'remove', step: 'do' }, say(words, 'remove.submit'))}
      ${buttonForm(setting, { token, action: 'verify', step: 'ask' }, say(words, 'remove.keep'), 'second')}`,
  };
}

export function verifiedPage(setting: Setting): Page {
  const { words } = setting.reader;
  return {
    title: say(words, 'verified.title'),
    content: html`<p>${say(words, 'verified.text', { brand: setting.look.brand.name })}</p>
      ${goOn(setting)}`,
  };
}

/** @param token where the page was opened with it; after a form was sent it stays out of every address */
export function alreadyVerifiedPage(setting: Setting, token: string | undefined): Page {
  const { words } = setting.reader;
  return {
    title: say(words, 'already-verified.title'),
    content: html`<p>${say(words, 'already-verified.text')}</p>
      ${goOn(setting)}`,
    ...(token === undefined ? {} : { changeLanguage: linkLanguages({ token }) }),
  };
}

export function expiredPage(setting: Setting, token: string): Page {
  const { words } = setting.reader;
  return {
    title: say(words, 'expired.title'),
    content: html`<p>${say(words, 'expired.text')}</p>
      ${buttonForm(setting, { token, action: 'resend', step: 'do' }, say(words, 'expired.submit'))}`,
    changeLanguage: linkLanguages({ token }),
  };
}

/** What came of a button, where there is nothing left to do. */
export function donePage({ reader: { words } }: Setting, done: 'resent' | 'removed'): Page {
  return { title: say(words, `${done}.title`), content: html`<p>${say(words, `${done}.text`)}</p>` };
}

export function invalidPage(setting: Setting): Page {
  const { words } = setting.reader;
  const { signupUrl } = setting.look.brand;
  return {
    title: say(words, 'invalid.title'),
    content: html`<p>${say(words, 'invalid.text')}</p>
      ${signupUrl === undefined ? '' : buttonLink(signupUrl, say(words, 'signup'))}
      <div class="aside">
        <h2>${say(words, 'resend.title')}</h2>
        <p>${say(words, 'resend.text')}</p>
        ${resendForm(setting)}
      </div>`,
    changeLanguage: linkLanguages(),
  };
}

/** For who has no link that we could tell the address by. */
export function resendForm({ reader }: Setting): Html {
  const { words } = reader;
  return html`<form method="post" action="${ownPath(reader)}">
    <input type="hidden" name="action" value="resend" />
    <label for="email">${say(words, 'signup.email')}</label>
    <input id="email" name="email" type="email" dir="ltr" autocomplete="email" required />
    <p class="go"><button type="submit" class="second">${say(words, 'resend.submit')}</button></p>
  </form>`;
}

/** To where the host wants people to go, else to its log-in; nothing that a request says leads anywhere. */
function goOn({ look: { brand }, reader: { words } }: Setting): Html {
  if (brand.afterVerification !== undefined) {
    return buttonLink(brand.afterVerification, say(words, 'continue-to', { brand: brand.name }));
  }
  return brand.loginUrl === undefined ? html`` : buttonLink(brand.loginUrl, say(words, 'login'));
}
