import { defaultBrand } from '../brand.js';
import { pageStyle } from '../http/pages/style.js';

/** The verification pages' own look, with what a form and a list need besides. */
export const devStyle = `${pageStyle(defaultBrand.colour)}
body { justify-content: flex-start; }
header { width: 100%; max-width: 44rem; display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .75rem 1.5rem; }
nav { display: flex; gap: .25rem; }
nav a {
  padding: .5rem .875rem; border-radius: .5rem; color: var(--quiet); text-decoration: none; font-weight: 550;
}
nav a:hover { color: var(--ink); text-decoration: underline; text-underline-offset: .25em; }
nav a[aria-current] { color: var(--ink); background: var(--card); box-shadow: inset 0 0 0 1px var(--edge); }
a { color: var(--action); }
a:focus-visible, summary:focus-visible, input:focus-visible, select:focus-visible {
  outline: 3px solid var(--focus); outline-offset: 2px;
}
.wide { max-width: 44rem; }
.quiet { color: var(--quiet); font-size: .9375rem; }
.field { margin-top: 1.125rem; }
.field label { display: block; margin-bottom: .3rem; font-weight: 600; font-size: .9375rem; }
.field label span { color: var(--quiet); font-weight: 400; }
.field .quiet { margin-top: .3rem; font-size: .875rem; }
input, select {
  width: 100%; min-height: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--second-edge); border-radius: .5rem;
  background: var(--card); color: var(--ink); font: inherit;
}
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1rem; }
form button { margin-top: 1.75rem; }
button[disabled] { opacity: .65; cursor: progress; }
:root { --wrong: #b3261e; --wrong-ground: #fdf0ef; --right: #17693a; }
@media (prefers-color-scheme: dark) { :root { --wrong: #ff9a92; --wrong-ground: #37201f; --right: #7fd6a2; } }
[aria-invalid="true"] { border-color: var(--wrong); box-shadow: 0 0 0 1px var(--wrong); }
.error { margin-top: .3rem; color: var(--wrong); font-size: .9375rem; }
.error:empty, .problem:empty, .quiet:empty, .field:has([aria-invalid]) .quiet { display: none; }
#count { margin-top: .75rem; font-weight: 600; }
#done-message:focus { outline: none; }
.problem {
  margin-top: 1.25rem; padding: .75rem 1rem; border-radius: .5rem; color: var(--wrong); background: var(--wrong-ground);
}
.button {
  display: inline-block; margin-top: 1rem; padding: .625rem 1.25rem; border-radius: .625rem; font-weight: 600;
  background: var(--action); color: var(--action-ink); text-decoration: none;
}
.button:hover { background: var(--action-hover); }
@media (max-width: 30rem) { .pair { grid-template-columns: 1fr; } }
@media (forced-colors: active) { input, select, .button { border: 1px solid currentcolor; } }
`;
