import type { VerificationAction } from '../verify-email-input.js';
import { html, type Html } from '../../html.js';
import type { Page } from './page.js';

export function confirmPage(token: string): Page {
  return {
    title: 'Confirm your email address',
    content: html`<p>
        Press the button to tell us that this address is yours. Your FluentMeet account is then ready.
      </p>
      ${button(token, 'verify', 'Confirm email address')}
      <div class="aside">
        <p>
          You did not sign up? Then somebody typed your address, perhaps by mistake. Remove the account, and
          your address is no longer used.
        </p>
        ${button(token, 'remove', 'This wasn’t me')}
      </div>`,
  };
}

export const verifiedPage: Page = {
  title: 'Your email address is confirmed',
  content: html`<p>Thank you. You can now log in, and close this page.</p>`,
};

export const alreadyVerifiedPage: Page = {
  title: 'Already confirmed',
  content: html`<p>This email address was confirmed before. There is nothing left to do: you can log in.</p>`,
};

export function expiredPage(token: string): Page {
  return {
    title: 'This link has expired',
    content: html`<p>
        For your safety a link works for a limited time only. We can send a new one to the same address.
      </p>
      ${button(token, 'resend', 'Send me a new link')}`,
  };
}

export const resentPage: Page = {
  title: 'Look into your inbox',
  content: html`<p>
    If your address still has to be confirmed, a new link is on its way. It can take a few minutes; look into
    the spam folder, too.
  </p>`,
};

export const removedPage: Page = {
  title: 'The account is removed',
  content: html`<p>
    Thank you for telling us. The account that was made with your address is gone, and the address is free.
  </p>`,
};

export const invalidPage: Page = {
  title: 'This link is not valid',
  content: html`<p>
    Perhaps it was cut off on its way: open the link from the email again, or copy all of it. If it still does
    not work, the account may no longer exist, and you can sign up again.
  </p>`,
};

/** Anything else that went wrong, in the words of the error. */
export function failurePage(title: string, message: string): Page {
  return { title, content: html`<p>${message}</p>` };
}

/** `?` is the page's own path, without its query, wherever the host has mounted it and whatever proxy stands before. */
function button(token: string, action: VerificationAction, label: string): Html {
  return html`<form method="post" action="?">
    <input type="hidden" name="token" value="${token}" />
    <input type="hidden" name="action" value="${action}" />
    <button type="submit">${label}</button>
  </form>`;
}
