import { html, type Html } from '../html.js';
import type { Config } from '../options.js';
import { languageChoices } from '../users/language.js';
import { renderDevPage } from './dev-page.js';

/** A form to try the module with: its script sends it as JSON, as a host's own page would. */
export function signupPage({ signup, languages }: Config): string {
  const content =
    signup === 'closed'
      ? html`<p>Registration is closed (FLUENTMEET_SIGNUP is "closed").</p>`
      : form(signup === 'invite', choices(languages));
  return renderDevPage({ title: 'Create your account', path: '/', script: 'signup.js', content });
}

function form(withInvite: boolean, languages: readonly Choice[]): Html {
  return html`<p id="lead">Everyone speaks their own language, and listens in another.</p>
    <noscript><p class="problem">This page sends its form by script, and scripts are off.</p></noscript>
    <form id="signup" method="post" action="/api/v1/auth/signup" novalidate>
      <p id="problem" class="problem" role="alert"></p>
      ${field('email', 'Email address', html`type="email" autocomplete="email" required`)}
      ${field(
        'password',
        'Password',
        html`type="password" autocomplete="new-password" required`,
        'At least 8 characters.',
      )}
      ${field('full_name', 'Full name', html`type="text" autocomplete="name"`, undefined, 'optional')}
      <div class="pair">
        ${languageField('speaking_language', 'I speak', languages)}
        ${languageField('listening_language', 'I listen in', languages)}
      </div>
      ${withInvite ? field('invite', 'Invite', html`type="text" autocomplete="off" required`) : ''}
      <button type="submit">Create account</button>
    </form>
    <div id="done" hidden>
      <p id="done-message" role="status" tabindex="-1"></p>
      <p><a class="button" href="/mailbox">Open the mailbox</a></p>
      <p class="aside"><a href="/">Sign up somebody else</a></p>
    </div>`;
}

function field(name: string, label: string, attributes: Html, hint?: string, note?: string): Html {
  return html`<div class="field">
    <label for="${name}">${label}${note === undefined ? '' : html` <span>(${note})</span>`}</label>
    <input id="${name}" name="${name}" ${attributes} aria-describedby="${name}-hint ${name}-error" />
    <p id="${name}-hint" class="quiet">${hint ?? ''}</p>
    <p id="${name}-error" class="error"></p>
  </div>`;
}

interface Choice {
  tag: string;
  name: string;
}

function languageField(name: string, label: string, languages: readonly Choice[]): Html {
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <select id="${name}" name="${name}" aria-describedby="${name}-error">
      ${languages.map(({ tag, name: language }) =>
        tag === 'en'
          ? html`<option value="${tag}" selected>${language}</option>`
          : html`<option value="${tag}">${language}</option>`,
      )}
    </select>
    <p id="${name}-error" class="error"></p>
  </div>`;
}

function choices(languages: readonly string[] | undefined): Choice[] {
  if (!languages) return languageChoices();
  const names = new Intl.DisplayNames('en', { type: 'language' });
  return languages.map((tag) => ({ tag, name: names.of(tag) ?? tag }));
}
