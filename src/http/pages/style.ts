/** Contrast is 4.5:1 or more for text and 3:1 for edges of controls, in light and in dark (WCAG 2.2, AA). */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #eef1f6; --card: #ffffff; --edge: #d9dfe9; --ink: #172033; --quiet: #4d5870;
  --action: #2f4fc6; --action-ink: #ffffff; --action-hover: #263fa3; --second-edge: #77839b; --focus: #b45309;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f131c; --card: #191f2c; --edge: #2c3546; --ink: #edf0f7; --quiet: #aeb8cb;
    --action: #8ea6ff; --action-ink: #0d1426; --action-hover: #aabcff; --second-edge: #7b88a3; --focus: #fbbf24;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; padding: 2rem 1rem;
  display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 1.5rem;
  background: var(--ground); color: var(--ink);
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
.brand { margin: 0; display: flex; align-items: center; gap: .625rem; font-weight: 650; letter-spacing: -.01em; }
.brand svg { color: var(--action); }
main {
  width: 100%; max-width: 30rem; padding: 2.25rem 2.5rem;
  background: var(--card); border: 1px solid var(--edge); border-radius: 1rem;
  box-shadow: 0 1px 2px rgb(15 23 42 / .05), 0 12px 32px -12px rgb(15 23 42 / .18);
}
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.015em; text-wrap: balance; }
p { margin: 0; text-wrap: pretty; }
form { margin: 1.5rem 0 0; }
button {
  width: 100%; min-height: 3rem; padding: .625rem 1.25rem; border: 1px solid transparent; border-radius: .625rem;
  font: inherit; font-weight: 600; cursor: pointer;
  background: var(--action); color: var(--action-ink);
}
button:hover { background: var(--action-hover); }
button:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; }
.aside { margin-top: 2rem; padding-top: 1.5rem; border-top: 1px solid var(--edge); color: var(--quiet); font-size: .9375rem; }
.aside form { margin-top: 1rem; }
.aside button {
  width: auto; min-height: 2.75rem; background: transparent; color: var(--ink); border-color: var(--second-edge);
}
.aside button:hover { background: var(--ground); }
@media (max-width: 30rem) { main { padding: 1.75rem 1.25rem; } .aside button { width: 100%; } }
@media (forced-colors: active) { main, button { border-color: currentcolor; } }
`;
