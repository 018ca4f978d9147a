import { createHash } from 'node:crypto';
import { html, type Html } from '../../html.js';
import type { OpenApiDocument } from './openapi-document.js';
import { defaultBrand } from '../../brand.js';
import { pageStyle } from '../pages/style.js';

/** As much of the document's parts as the page shows. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: readonly unknown[];
  const?: unknown;
  default?: string;
  examples?: readonly unknown[];
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  description?: string;
  required?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  allOf?: readonly Schema[];
  items?: Schema;
}

type Media = Readonly<Record<string, { schema?: Schema }>>;

interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  parameters?: readonly {
    name: string;
    in: string;
    required?: boolean;
    description: string;
    schema: Schema;
  }[];
  requestBody?: { description: string; content: Media };
  responses: Readonly<Record<string, Response>>;
}

interface Response {
  description: string;
  headers?: Readonly<Record<string, unknown>>;
  content?: Media;
}

/**
 * The document as a page for people: no script, and nothing that is loaded from anywhere.
 *
 * @param documentUrl where the document itself is, as seen from the page
 */
export function openApiPage(document: OpenApiDocument, documentUrl: string) {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== 'options')
      .map(([method, operation]) => ({ path, method, operation: operation as Operation })),
  );
  const schemas = document.components.schemas as Record<string, Schema>;
  const base = document.servers?.[0]?.url ?? '';
  const { title, version, description } = document.info;
  const body = html`<header>
      <h1>${title}</h1>
      <p>
        ${description} Version ${version}; <a href="${documentUrl}">the document</a> for programs (OpenAPI
        3.1).
      </p>
      <nav aria-label="Operations">
        <ul>
          ${operations.map(
            ({ path, method, operation: { operationId, summary } }) =>
              html`<li><a href="#${operationId}">${name(method, path)}</a> ${summary}</li>`,
          )}
        </ul>
      </nav>
    </header>
    ${operations.map(({ path, method, operation }) => section(method, path, operation, schemas, base))}`;
  return {
    markup:
      `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />\n` +
      `<meta name="viewport" content="width=device-width, initial-scale=1" />\n` +
      `${String(html`<title>${title}</title>`)}\n<style>${style}</style>\n</head>\n` +
      `<body>\n<main>\n${String(body)}\n</main>\n</body>\n</html>\n`,
    headers: {
      'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'`,
      'X-Robots-Tag': 'noindex',
    },
  };
}

function section(
  method: string,
  path: string,
  operation: Operation,
  schemas: Readonly<Record<string, Schema>>,
  base: string,
): Html {
  const { operationId, summary, description = '', parameters = [], requestBody, responses } = operation;
  const [bodyType, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const input = media?.schema && resolve(media.schema, schemas);
  return html`<section aria-labelledby="${operationId}">
    <h2 id="${operationId}">${name(method, path)}</h2>
    <p>${sentence(summary)} ${code(description)}</p>
    ${
      parameters.length > 0
        ? html`<h3>Parameters</h3>
            ${fields(
              parameters.map(({ name, in: place, required, description, schema }) =>
                fieldRow(`${name} (${place})`, { description, ...schema }, required),
              ),
            )}`
        : ''
    }
    ${
      input
        ? html`<h3>Body</h3>
            <p>${requestBody?.description ?? ''} ${Object.keys(requestBody?.content ?? {}).join(' or ')}</p>
            ${fields(
              Object.entries(input.properties ?? {}).map(([field, schema]) =>
                fieldRow(field, schema, input.required?.includes(field)),
              ),
            )}
            <pre>${example(`${base}${path}`, bodyType ?? '', input)}</pre>`
        : ''
    }
    <h3>Answers</h3>
    ${table(
      ['Status', 'Meaning'],
      Object.entries(responses).map(([status, response]) => [status, answer(response)]),
    )}
  </section>`;
}

/** What stands in the first column heads its row. */
type Row = readonly [head: string | Html, cell: Html];

function table([first, second]: readonly [string, string], rows: readonly Row[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${first}</th>
        <th scope="col">${second}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ([head, cell]) =>
          html`<tr>
            <th scope="row">${head}</th>
            <td>${cell}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function fields(rows: readonly Row[]): Html {
  return table(['Name', 'Rule'], rows);
}

function fieldRow(name: string, schema: Schema, required = false): Row {
  const { pattern, description = '' } = schema;
  return [
    html`${name}${required ? html`<br /><small>required</small>` : ''}`,
    html`<p>${rule(schema)}. ${code(description)}</p>
      ${
        pattern === undefined
          ? ''
          : html`<details>
              <summary>As a regular expression</summary>
              <code>${pattern}</code>
            </details>`
      }`,
  ];
}

/** "string or null, email, 254 characters at most". */
function rule({ type, format, enum: values, minLength, maxLength, default: initial }: Schema): string {
  return [
    [type ?? 'any'].flat().join(' or '),
    format,
    values && `one of ${values.join(', ')}`,
    minLength === undefined ? undefined : `${minLength} characters at least`,
    maxLength === undefined ? undefined : `${maxLength} characters at most`,
    initial === undefined ? undefined : `by default ${initial}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

function answer({ description, headers = {}, content = {} }: Response): Html {
  const codes = content['application/json']?.schema?.properties?.['code']?.enum ?? [];
  const names = Object.keys(headers);
  return html`<p>${code(description)}</p>
    ${codes.length > 0 ? html`<p>${codes.map((one) => html`<code>${String(one)}</code> `)}</p>` : ''}
    ${names.length > 0 ? html`<p><small>With the headers ${names.join(', ')}.</small></p>` : ''}`;
}

function example(url: string, type: string, { properties = {}, required = [] }: Schema): string {
  const body = Object.fromEntries(
    Object.entries(properties).flatMap(([field, { examples }], index) => {
      const value = examples?.[0] ?? (index === 0 || required.includes(field) ? '…' : undefined);
      return value === undefined ? [] : [[field, value]];
    }),
  );
  return `curl '${url}' -H 'Content-Type: ${type}' \\\n  -d '${JSON.stringify(body)}'`;
}

function resolve(schema: Schema, schemas: Readonly<Record<string, Schema>>): Schema {
  const key = schema.$ref?.split('/').at(-1);
  return (key === undefined ? undefined : schemas[key]) ?? schema;
}

function name(method: string, path: string): Html {
  return html`<code><b>${method.toUpperCase()}</b> ${path}</code>`;
}

/** What is between backticks in the document's sentences. */
function code(text: string): Html[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}

function sentence(text: string): string {
  return text === '' || text.endsWith('.') ? text : `${text}.`;
}

/** The look of all pages, with what a reference needs besides. */
const style = `${pageStyle(defaultBrand.colour)}
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

const styleHash = createHash('sha256').update(style).digest('base64');
