import { inkOn, pointedAt, visibleOn } from '../../brand-colours.js';

const card = { light: '#ffffff', dark: '#191f2c' };

/** The brand's colour where it can be seen: contrast is 4.5:1 or more for text, 3:1 for edges of controls (WCAG 2.2, AA). */
function actionColours(ground: string, colour: string): string {
  const action = visibleOn(ground, colour, 3);
  return `--action: ${action}; --hover: ${pointedAt(action)}; --action-ink: ${inkOn(action)}; --link: ${visibleOn(ground, colour, 4.5)};`;
}

/** @param colour the brand's, `#rrggbb` */
export function pageStyle(colour: string): string {
  return `:root {
  color-scheme: light dark;
  --ground: #eef1f6; --card: ${card.light}; --edge: #d9dfe9; --ink: #172033; --quiet: #4d5870;
  ${actionColours(card.light, colour)} --second-edge: #77839b; --focus: #b45309;
  --wrong: #b3261e; --wrong-ground: #fdf0ef;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f131c; --card: ${card.dark}; --edge: #2c3546; --ink: #edf0f7; --quiet: #aeb8cb;
    ${actionColours(card.dark, colour)} --second-edge: #7b88a3; --focus: #fbbf24;
    --wrong: #ff9a92; --wrong-ground: #37201f;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { overflow-wrap: anywhere; }
:lang(ja) { word-break: auto-phrase; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; padding: 2rem 1rem;
  display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 1.5rem;
  background: var(--ground); color: var(--ink);
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
.brand { display: flex; align-items: center; gap: .625rem; font-weight: 650; max-width: 30rem; }
.brand svg { color: var(--action); flex: none; }
.brand img { max-width: min(15rem, 100%); max-height: 4rem; }
main {
  width: 100%; max-width: 30rem; padding: 2.25rem 2.5rem;
  background: var(--card); border: 1px solid var(--edge); border-radius: 1rem;
  box-shadow: 0 1px 2px rgb(15 23 42 / .05), 0 12px 32px -12px rgb(15 23 42 / .18);
}
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.3; text-wrap: balance; }
h2 { margin: 0; font-size: 1.0625rem; }
h1:focus, .faults:focus { outline: none; }
p { margin: 0; text-wrap: pretty; }
p + p { margin-top: .75rem; }
form, .go { margin: 1.5rem 0 0; }
a { color: var(--link); }
button, .button {
  display: block; width: 100%; min-height: 3rem; padding: .625rem 1.25rem; border: 1px solid transparent; border-radius: .625rem;
  font: inherit; font-weight: 600; cursor: pointer; text-align: center; text-decoration: none;
  background: var(--action); color: var(--action-ink);
}
button:hover, .button:hover { background: var(--hover); }
button.second, .button.second { background: transparent; color: var(--ink); border-color: var(--second-edge); }
button.second:hover, .button.second:hover { background: var(--ground); }
button:is([disabled], [aria-disabled="true"]) { opacity: .65; cursor: progress; }
:is(a, button, input, select, summary):focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.aside { margin-top: 2rem; padding-top: 1.5rem; border-top: 1px solid var(--edge); color: var(--quiet); font-size: .9375rem; }
.aside form, .aside .go { margin-top: 1rem; }
.aside > form:first-child { margin-top: 0; }
.small { margin-top: 1.125rem; }
.field { margin-top: 1.125rem; }
label, legend { font-weight: 600; font-size: .9375rem; }
label { display: block; margin-bottom: .3rem; }
label span { color: var(--quiet); font-weight: 400; }
legend { padding: 0; }
fieldset { margin: 1.5rem 0 0; padding: 0; border: 0; min-width: 0; }
.hint { margin: .3rem 0 0; color: var(--quiet); font-size: .875rem; }
input, select {
  width: 100%; min-height: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--second-edge); border-radius: .5rem;
  background: var(--card); color: var(--ink); font: inherit;
}
input[readonly] { background: var(--ground); }
input[type="checkbox"] { width: 1.5rem; min-height: 1.5rem; flex: none; margin: 0; accent-color: var(--action); }
label.tick { display: flex; gap: .75rem; align-items: start; font-weight: 400; margin: 0; }
label.tick span { color: inherit; }
.secret { display: flex; flex-wrap: wrap; gap: .5rem; align-items: stretch; }
.secret input { flex: 1 1 13rem; width: auto; min-width: 0; }
.secret button { width: auto; min-height: 2.75rem; padding: .25rem .75rem; font-size: .875rem; flex: none; }
input[type="search"] { margin-bottom: .375rem; }
[aria-invalid="true"] { border-color: var(--wrong); box-shadow: 0 0 0 1px var(--wrong); }
.fault { margin: .3rem 0 0; color: var(--wrong); font-size: .9375rem; font-weight: 600; }
.faults { margin: 0 0 1.25rem; padding: .875rem 1rem; border: 1px solid var(--wrong); border-radius: .5rem; background: var(--wrong-ground); color: var(--wrong); }
.faults a { color: inherit; }
.faults ul { margin: .375rem 0 0; padding-inline-start: 1.25rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { width: 100%; max-width: 30rem; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: .9375rem; color: var(--quiet); }
footer > * { padding: .25rem 0; }
footer a, summary { color: var(--quiet); }
summary { cursor: pointer; text-decoration: underline; }
footer ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .5rem 0 0; padding: 0; }
footer li > * { display: inline-block; width: auto; min-height: 1.75rem; padding: .125rem .25rem; }
footer button, footer button:hover { border: 0; background: none; color: var(--quiet); font-weight: 400; text-decoration: underline; }
@media (max-width: 30rem) { body { padding: 1rem .75rem; } main { padding: 1.5rem 1.125rem; } }
@media (forced-colors: active) { main, button, .button, input, select { border: 1px solid currentcolor; } }
`;
}
