import { defaultBrand } from '../../brand.js';
import { pageStyle } from '../pages/style.js';

/** The look of all pages, with what a reference needs besides. */
export const openApiPageStyle = `${pageStyle(defaultBrand.colour)}
body { display: block; }
main { max-width: 52rem; margin: 0 auto; }
section { margin-top: 2.5rem; padding-top: 2rem; border-top: 1px solid var(--edge); }
h2 { font-size: 1.25rem; }
h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
code, pre { font: .9375em/1.5 ui-monospace, "Cascadia Mono", Menlo, monospace; }
pre { margin: 1rem 0 0; padding: .75rem 1rem; background: var(--ground); border-radius: .5rem; white-space: pre-wrap; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .5rem .75rem .5rem 0; text-align: start; vertical-align: top; border-top: 1px solid var(--edge); }
tbody th { width: 11rem; font-weight: 600; }
small, summary { color: var(--quiet); }
nav ul { margin: 1rem 0 0; padding: 0; list-style: none; }
@media (max-width: 30rem) { main { padding: 1.5rem 1rem; } tbody th { width: 7rem; } }
`;
