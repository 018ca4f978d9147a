/** Runs in the browser: sends the form as JSON, shows each fault at its field, and says what happens next. */
export const signupScript = `'use strict';
const form = document.getElementById('signup');
const problem = document.getElementById('problem');
const fields = form ? [...form.querySelectorAll('input, select')] : [];

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  clear();
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
    });
    const body = await response.json();
    if (response.ok) showDone(body);
    else showProblem(response, body);
  } catch {
    problem.textContent = 'The server did not answer. Is "fluentmeet dev" still running?';
  } finally {
    button.disabled = false;
  }
});

for (const field of fields) field.addEventListener('input', () => setError(field, ''));

function showDone(body) {
  const message = document.getElementById('done-message');
  message.textContent = body.email
    ? 'A verification email for ' + body.email + ' is on its way. Open the mailbox, and follow its link.'
    : body.message;
  document.querySelector('h1').textContent = body.full_name ? 'Welcome, ' + body.full_name : 'Almost done';
  document.getElementById('lead').hidden = true;
  form.hidden = true;
  document.getElementById('done').hidden = false;
  message.focus();
}

function showProblem(response, { code, message, details }) {
  const known = details.filter(({ field }) => form.elements[field]);
  for (const { field, message: fault } of known) setError(form.elements[field], fault);
  if (code === 'EMAIL_ALREADY_REGISTERED') setError(form.elements.email, message);
  const first = fields.find((field) => field.getAttribute('aria-invalid') === 'true');
  if (first) return first.focus();
  const wait = response.headers.get('Retry-After');
  problem.textContent = wait ? message + ' Try again in ' + wait + ' s.' : message;
}

function setError(field, message) {
  document.getElementById(field.id + '-error').textContent = message;
  if (message) field.setAttribute('aria-invalid', 'true');
  else field.removeAttribute('aria-invalid');
}

function clear() {
  problem.textContent = '';
  for (const field of fields) setError(field, '');
}
`;
