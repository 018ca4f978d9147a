/** Contrast is 4.5:1 or more for text, in light and in dark (WCAG 2.2, AA). */
export const mailboxStyle = `
:root {
  color-scheme: light dark;
  --ground: #eef1f6; --card: #ffffff; --edge: #d9dfe9; --ink: #172033; --quiet: #4d5870; --action: #2f4fc6;
  --chosen: #e3e9fb; --wrong: #b3261e; --focus: #b45309;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f131c; --card: #191f2c; --edge: #2c3546; --ink: #edf0f7; --quiet: #aeb8cb; --action: #8ea6ff;
    --chosen: #26304a; --wrong: #ff9a92; --focus: #fbbf24;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; padding: 1rem 1.5rem; }
header a { margin-inline-start: auto; }
h1, h2, p, ol { margin: 0; }
h1 { font-size: 1.25rem; }
#count, footer, .to { color: var(--quiet); font-size: .9375rem; }
a { color: var(--action); }
a:focus-visible { outline: 3px solid var(--focus); outline-offset: -3px; }
.columns { flex: 1; display: grid; grid-template-columns: 20rem minmax(0, 1fr); gap: 1rem; padding: 0 1.5rem; }
.columns > nav, main { background: var(--card); border: 1px solid var(--edge); border-radius: .75rem; }
.columns > nav { overflow-y: auto; max-height: calc(100vh - 8rem); }
#emails { list-style: none; padding: 0; }
#emails a {
  display: flex; flex-direction: column; padding: .75rem 1rem; border-bottom: 1px solid var(--edge);
  color: inherit; text-decoration: none; overflow-wrap: anywhere;
}
#emails a:hover { background: var(--ground); }
#emails [aria-current] { background: var(--chosen); box-shadow: inset 3px 0 0 var(--action); }
#emails strong { font-weight: 600; }
#emails span { font-size: .9375rem; }
time { color: var(--quiet); font-size: .8125rem; }
main { display: flex; flex-direction: column; padding: 1.25rem 1.5rem; min-height: 24rem; }
h2 { font-size: 1.25rem; line-height: 1.3; overflow-wrap: anywhere; }
.to { margin-top: .25rem; overflow-wrap: anywhere; }
.choices { display: flex; flex-wrap: wrap; gap: .25rem; margin: .75rem 0 0; }
.choices + .choices { margin-top: .25rem; }
.choices a {
  padding: .25rem .625rem; border: 1px solid transparent; border-radius: .5rem; color: var(--quiet); text-decoration: none;
}
.choices a:hover { border-color: var(--edge); color: var(--ink); }
.choices [aria-current] { border-color: var(--action); color: var(--ink); font-weight: 600; }
iframe {
  flex: 1; width: 100%; min-width: 20rem; max-width: 100%; min-height: 48rem; margin-top: 1rem; resize: both;
  border: 1px solid var(--edge); border-radius: .5rem; background: #fff;
}
pre {
  margin: 1rem 0 0; padding: 1rem; border-radius: .5rem; background: var(--ground);
  white-space: pre-wrap; overflow-wrap: anywhere; font: .875rem/1.6 ui-monospace, "Noto Sans Mono", monospace;
}
.plain { font: inherit; }
table { margin-top: 1rem; border-spacing: 0; }
th, td { padding: .375rem 1rem .375rem 0; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--quiet); font-weight: 500; white-space: nowrap; }
.wrong { margin-top: 1rem; color: var(--wrong); }
.empty { margin: auto; color: var(--quiet); text-align: center; }
footer { padding: .75rem 1.5rem 1rem; }
@media (max-width: 56rem) {
  .columns { grid-template-columns: minmax(0, 1fr); align-content: start; padding: 0 .75rem; }
  .columns > nav { max-height: 14rem; }
  header, footer { padding-inline: .75rem; }
  main { padding: 1rem .75rem; }
  th { white-space: normal; }
  iframe { min-width: 0; }
}
@media (forced-colors: active) { [aria-current] { outline: 2px solid; outline-offset: -2px; } }
`;
