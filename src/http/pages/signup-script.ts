/**
 * Runs in the browser. It sends each form of the page itself, and puts the main part of the answer, which is a page like
 * any other, in the place of the one shown: what is typed stays, and no word stands here.
 *
 * A browser that does not parse it, or lacks what it is `able` by, sends the forms itself. What is newer than those three
 * (`AbortSignal.timeout`, `requestSubmit`) stays out of it: docs/pages.md names the browsers.
 */
export const signupScript = `'use strict';
const patience = 10000;
let busy = false;
let timers = [];
const $ = (selector, from = document) => from.querySelector(selector);
const later = (work, delay) => timers.push(setTimeout(work, delay));

self.able = !!(self.SubmitEvent && Intl.DisplayNames && Element.prototype.replaceChildren);
if (able) {
addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  // Without its button nobody knows what was asked for.
  if (form.method !== 'post' || !submitter) return;
  event.preventDefault();
  if (!busy) send(form, submitter).catch(() => sendPlainly(form, submitter));
});
addEventListener('input', ({ target }) => {
  const form = target.form;
  if (form && form.elements.answered && (form.elements.answered.value || form.dataset.lost)) {
    // Another one, and as hard to guess.
    form.elements.key.value += '.';
    form.elements.answered.value = form.dataset.lost = '';
  }
  if (target.dataset.search) search(target);
});
addEventListener('keydown', (event) => {
  const { key, isComposing, target } = event;
  // Enter takes what was found, and does not send the form.
  if (key !== 'Enter' || isComposing || !target.dataset.search) return;
  event.preventDefault();
  $('#' + target.dataset.search).focus();
});
addEventListener('click', ({ target }) => {
  const button = target.closest('[data-reveal]');
  if (button) reveal(button, $('#' + button.dataset.reveal).type === 'password');
});
enhance();
}

async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form));
  if (submitter.name) body.set(submitter.name, submitter.value);
  const url = new URL(pathOf(form, submitter), location.href);
  busy = true;
  say(form.dataset.sending || '');
  submitter.setAttribute('aria-disabled', 'true');
  const solution = submitter.value === 'signup' && self.takeSolution && takeSolution(form);
  if (solution) body.set('altcha', await solution);
  const text = await ask(url, { method: 'POST', body, headers: { Accept: 'text/html' }, redirect: 'error' }).catch(() => null);
  busy = false;
  say('');
  submitter.removeAttribute('aria-disabled');
  const page = new DOMParser().parseFromString(text, 'text/html');
  if ($('main[data-page]', page)) show(page, submitter.value === 'language' ? url : undefined);
  else complain(text === null ? 'no-answer' : 'failed', form, submitter);
}

// Not form.action: that is the button of this name.
function pathOf(form, submitter) {
  return submitter.getAttribute('formaction') || form.getAttribute('action');
}

// As the browser would have, had we left it alone.
function sendPlainly(form, submitter) {
  const { name, value } = submitter;
  if (name) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  form.setAttribute('action', pathOf(form, submitter));
  form.submit();
}

// Not async: what a browser lacks is thrown at once, and is not an answer that did not come.
function ask(url, options) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), patience);
  const answered = fetch(url, { ...options, signal: giveUp.signal });
  return answered.then((response) => response.text()).finally(() => clearTimeout(timer));
}

function show(page, languageUrl) {
  const typed = $('#password');
  const secret = typed ? typed.value : '';
  timers.forEach(clearTimeout);
  timers = [];
  const root = document.documentElement;
  root.lang = page.documentElement.lang;
  root.dir = page.documentElement.dir;
  document.title = page.title;
  for (const part of ['main', 'footer']) {
    const [old, fresh] = [$(part), $(part, page)];
    // We do it ourselves.
    fresh?.querySelector('[autofocus]')?.removeAttribute('autofocus');
    if (old && fresh) old.replaceWith(fresh);
    else if (old) old.remove();
    else if (fresh) document.body.append(fresh);
  }
  if (languageUrl) {
    const here = new URL(location.href);
    here.searchParams.set('lang', languageUrl.searchParams.get('lang'));
    history.replaceState(null, '', here);
  }
  if ($('#password')) $('#password').value = secret;
  enhance();
  focusOn($('.faults') || $('h1'));
}

function complain(name, form, submitter) {
  const template = $('#' + name);
  if (!template) return sendPlainly(form, submitter);
  $('.faults')?.remove();
  $('h1').after(template.content.cloneNode(true));
  form.dataset.lost = 'answer';
  form.id ||= 'again';
  const button = $('.faults button');
  button.setAttribute('form', form.id);
  for (const part of ['name', 'value', 'formaction']) {
    if (submitter.hasAttribute(part)) button.setAttribute(part, submitter.getAttribute(part));
  }
  focusOn($('.faults'));
}

function focusOn(element) {
  element.focus();
  element.scrollIntoView({ block: 'nearest' });
}

function enhance() {
  timers.length = 0;
  dispatchEvent(new Event('shown'));
  for (const button of document.querySelectorAll('[data-reveal]')) {
    button.hidden = false;
    button.dataset.show = button.textContent.trim();
  }
  const names = new Intl.DisplayNames([document.documentElement.lang], { type: 'language' });
  for (const input of document.querySelectorAll('[data-search]')) {
    const select = $('#' + input.dataset.search);
    for (const option of select.options) {
      const name = names.of(option.value);
      if (fold(name) !== fold(option.text)) option.text += ' – ' + name;
    }
    select.all = [...select.children];
    select.choices = [...select.options];
    for (const one of select.choices) one.home = one.parentElement;
    input.hidden = select.choices.length < 12;
  }
  const again = $('[data-after]');
  if (again) countDown(again);
  const waiting = $('[data-key]');
  if (waiting) {
    waiting.hidden = false;
    const since = Date.now();
    later(() => askWhetherVerified(waiting, since, 5000), 5000);
  }
}

function search(input) {
  const select = $('#' + input.dataset.search);
  const wanted = fold(input.value);
  const found = select.choices.filter(({ text }) => fold(text).includes(wanted));
  const chosen = select.selectedOptions[0];
  say(found.length === 0 ? $('#live').dataset.none : '');
  if (wanted === '') {
    select.replaceChildren(...select.all);
    // Back in their groups, in their order.
    for (const group of select.all) {
      if (group.tagName === 'OPTGROUP') group.replaceChildren(...select.choices.filter((one) => one.home === group));
    }
    if (chosen) chosen.selected = true;
  } else if (found.length > 0) {
    select.replaceChildren(...found);
    const best = found.find(({ text }) => text.split(' – ').some((name) => fold(name).startsWith(wanted)));
    (best || found[0]).selected = true;
  }
}

function fold(text) {
  return text.normalize('NFKD').replace(/\\p{M}/gu, '').toLowerCase().trim();
}

function reveal(button, shown) {
  $('#' + button.dataset.reveal).type = shown ? 'text' : 'password';
  button.setAttribute('aria-pressed', String(shown));
  button.textContent = shown ? button.dataset.hide : button.dataset.show;
  say(shown ? button.dataset.shown : button.dataset.hidden);
}

function countDown(block) {
  const button = $('button', block);
  const text = document.createElement('p');
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang);
  const end = Date.now() + block.dataset.after * 1000;
  button.hidden = true;
  block.prepend(text);
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left <= 0) {
      text.remove();
      button.hidden = false;
    } else {
      text.textContent = block.dataset.words.replace('{in}', format.format(left, 'second'));
      later(tick, 1000);
    }
  };
  tick();
}

async function askWhetherVerified(waiting, since, delay) {
  try {
    const answer = await ask('?status', { headers: { 'Idempotency-Key': waiting.dataset.key, Accept: 'application/json' } });
    if (JSON.parse(answer).status === 'verified') return goOn(waiting);
  } catch {}
  const next = Math.min(delay * 1.25, 30000);
  if (waiting.isConnected && Date.now() - since < 600000) later(() => askWhetherVerified(waiting, since, next), next);
}

function goOn({ isConnected, dataset: { next } }) {
  if (!isConnected) return;
  if (next) return location.assign(next);
  const verified = $('#verified').content.cloneNode(true);
  document.title = document.title.replace($('h1').textContent, $('h1', verified).textContent);
  $('main').replaceChildren(verified);
  focusOn($('h1'));
}

function say(words) {
  const live = $('#live');
  if (live) live.textContent = words;
}
`;
