/** Runs in the browser: puts new emails on the list, and leaves open what the reader opened. */
export const mailboxScript = `'use strict';
const interval = 3000;

async function refresh() {
  if (document.visibilityState === 'visible') {
    try {
      const response = await fetch('/mailbox');
      if (response.ok) show(new DOMParser().parseFromString(await response.text(), 'text/html'));
    } catch {
      // The server is gone for the moment; the emails stay on the page.
    }
  }
  setTimeout(refresh, interval);
}

function show(fresh) {
  const list = document.getElementById('emails');
  const known = new Set([...list.children].map(({ id }) => id));
  const added = [...fresh.getElementById('emails').children].filter(({ id }) => !known.has(id));
  if (added.length === 0) return;
  // Nothing is open yet that could be lost.
  if (known.size === 0) return location.reload();
  for (const link of added.flatMap((entry) => [...entry.querySelectorAll('[aria-current]')])) {
    link.removeAttribute('aria-current');
  }
  list.prepend(...added);
  document.getElementById('count').textContent = fresh.getElementById('count').textContent;
}

setTimeout(refresh, interval);
`;
