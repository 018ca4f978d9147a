/**
 * Runs in the browser where ALTCHA is the challenge: asks for one once somebody is in the form, has `solverScript` solve it
 * meanwhile, and says how that goes in the words that stand in the page.
 *
 * Not ALTCHA's own widget: that has 98 kB with its style, a page of ours 30 with everything.
 */
export const challengeScript = `'use strict';
{
  let task;
  const place = (form) => form && form.querySelector('[data-solver]');
  const tell = () => {
    const shown = place(document);
    const words = shown && shown.dataset[task ? task.state : 'start'];
    // Or it would be read out once more.
    if (shown && shown.textContent !== words) shown.textContent = words;
  };
  const begin = (form, pause) => {
    const shown = place(form);
    if (!shown) return;
    const { seconds, solver } = shown.dataset;
    // A tenth of its time is for the way there and back.
    if (!task || Date.now() - task.since > (task.state === 'failed' ? pause : seconds * 900)) {
      const own = (task = { since: Date.now(), state: 'running' });
      own.answer = work(solver).catch(() => '').then((answer) => {
        own.state = answer ? 'done' : 'failed';
        tell();
        return answer;
      });
    }
    tell();
    return task.answer;
  };
  // A solution is good for one signup: whoever takes it leaves none.
  self.takeSolution = async (form) => {
    const answer = await begin(form, 0);
    task = undefined;
    return answer;
  };
  if (self.able) {
    addEventListener('focusin', ({ target }) => begin(target.form, 5000));
    addEventListener('shown', tell);
    tell();
  } else if (place(document)) {
    // Nothing takes a solution: what those without script read. Here it is text that was not parsed.
    place(document).innerHTML = place(document).textContent;
  }

  async function work(solver) {
    const challenge = JSON.parse(await ask('?challenge'));
    const worker = new Worker(solver);
    try {
      const solution = await new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => (data ? resolve(data) : reject());
        worker.onerror = reject;
        worker.postMessage(challenge.parameters);
      });
      return btoa(JSON.stringify({ challenge, solution }));
    } finally {
      worker.terminate();
    }
  }
}
`;
