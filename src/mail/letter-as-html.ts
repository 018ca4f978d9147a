import { getOrMake } from '../get-or-make.js';
import { inkOn, visibleOn } from '../brand-colours.js';
import type { CheckedBrand } from '../brand.js';
import { html, Html } from '../html.js';
import type { ChosenWords } from '../words/choose-words.js';
import { sayHtml } from '../words/say.js';
import { supportName } from './letter-as-text.js';
import type { Letter, Sayer } from './letter.js';

export function htmlSayer({ words }: ChosenWords): Sayer<Html> {
  return (key, ...values) => sayHtml(words, key, ...values);
}

const light = { ground: '#eef1f6', card: '#ffffff', edge: '#d9dfe9', ink: '#172033', quiet: '#4d5870' };
const dark = { ground: '#0f131c', card: '#191f2c', edge: '#2c3546', ink: '#edf0f7', quiet: '#aeb8cb' };

/**
 * Mail clients know little of CSS: tables and inline styles carry the light look, which needs nothing else, and the
 * style sheet adds the dark one where a client reads it.
 */
export function letterAsHtml(
  letter: Letter<Html>,
  subject: string,
  chosen: ChosenWords,
  brand: CheckedBrand,
): string {
  const { language, dir, words } = chosen;
  const { action, until } = letter;
  const { styles, sheet } = lookOf(brand.colour);
  const page = html`<!doctype html>
    <html lang="${language}" dir="${dir}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
        <meta name="x-apple-disable-message-reformatting" />
        <title>${subject}</title>
        ${sheet}
      </head>
      <body class="ground" style="${styles.body}">
        <div class="ground" lang="${language}" dir="${dir}" style="${styles.ground}">
          <div style="${styles.preheader}">${letter.preheader}</div>
          <table role="presentation" style="${styles.frame}">
            <tr>
              <td class="ink" style="${styles.brand}">${brandMark(brand)}</td>
            </tr>
            <tr>
              <td class="card ink" style="${styles.card}">
                <h1 style="${styles.title}">${letter.title}</h1>
                <p style="${styles.text}">${letter.greeting}</p>
                <p style="${styles.text}">${letter.text}</p>
                ${action ? button(action, styles) : ''}
                ${until ? html`<p style="${styles.text}">${until}</p>` : ''}
                ${action ? linkToCopy(action.url, sayHtml(words, 'mail.copy'), styles) : ''}
              </td>
            </tr>
            <tr>
              <td class="quiet" style="${styles.foot}">
                <p style="${styles.why}">${letter.why}</p>
                ${brand.supportUrl ? html`<p style="${styles.why}">${supportLine(brand.supportUrl, chosen)}</p>` : ''}
              </td>
            </tr>
          </table>
        </div>
      </body>
    </html> `;
  return String(page);
}

type Styles = Record<keyof ReturnType<typeof inlineStyles>, Html>;

/** Made once a colour, of which a process has as many as it has brands: the shades take as long as all else of a mail. */
const looks = new Map<string, { styles: Styles; sheet: Html }>();

function lookOf(colour: string): { styles: Styles; sheet: Html } {
  return getOrMake(looks, colour, () => {
    const escaped = Object.entries(inlineStyles(colour)).map(([part, style]) => [part, html`${style}`]);
    return { styles: Object.fromEntries(escaped) as Styles, sheet: darkStyle(colour) };
  });
}

/** An image only from the brand's own https: most clients show none until they are told to, and then the name stands there. */
function brandMark({ name, logo }: CheckedBrand): Html {
  return logo?.startsWith('https:')
    ? html`<img
        src="${logo}"
        alt="${name}"
        height="32"
        style="height:32px;width:auto;max-width:100%;border:0;"
      />`
    : html`<bdi>${name}</bdi>`;
}

function button({ label, url }: { label: Html; url: string }, styles: Styles): Html {
  return html`<table role="presentation" style="${styles.buttonFrame}">
    <tr>
      <td class="button" style="${styles.buttonCell}">
        <a class="button-link" href="${url}" target="_blank" style="${styles.button}">${label}</a>
      </td>
    </tr>
  </table>`;
}

function linkToCopy(url: string, words: Html, styles: Styles): Html {
  return html`<p class="quiet" style="${styles.copy}">
    ${words}<br /><a class="quiet" href="${url}" target="_blank" dir="ltr" style="${styles.link}">${url}</a>
  </p>`;
}

function supportLine(url: string, { words }: ChosenWords): Html {
  const link = html`<a class="quiet" href="${url}" target="_blank" dir="ltr" style="color:${light.quiet};"
    >${supportName(url)}</a
  >`;
  return sayHtml(words, 'mail.support', { support: link });
}

function inlineStyles(colour: string) {
  const font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif;";
  const edge = visibleOn(light.card, colour, 3);
  return {
    body: `margin:0;padding:0;background-color:${light.ground};`,
    ground: `background-color:${light.ground};padding:24px 12px;${font}`,
    preheader: 'display:none;max-height:0;overflow:hidden;mso-hide:all;',
    frame: 'width:100%;max-width:560px;margin:0 auto;border-spacing:0;table-layout:fixed;',
    brand: `padding:0 4px 16px;color:${light.ink};font-size:18px;line-height:32px;font-weight:600;overflow-wrap:anywhere;`,
    card: `padding:28px 24px;background-color:${light.card};border:1px solid ${light.edge};border-radius:12px;color:${light.ink};`,
    title: 'margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:700;overflow-wrap:anywhere;',
    text: 'margin:0 0 16px;font-size:16px;line-height:1.6;overflow-wrap:anywhere;',
    buttonFrame: 'margin:24px 0;border-spacing:0;',
    buttonCell: `background-color:${colour};border:1px solid ${edge};border-radius:8px;`,
    button: `display:inline-block;padding:13px 24px;color:${inkOn(colour)};font-size:16px;line-height:1.4;font-weight:600;text-decoration:none;overflow-wrap:anywhere;`,
    copy: `margin:24px 0 0;color:${light.quiet};font-size:14px;line-height:1.6;`,
    link: `color:${light.quiet};word-break:break-all;`,
    foot: `padding:20px 4px 0;color:${light.quiet};`,
    why: 'margin:0 0 12px;font-size:13px;line-height:1.6;overflow-wrap:anywhere;',
  };
}

/** Nothing of it is a reader's: the one value, the brand's colour, is checked. */
function darkStyle(colour: string): Html {
  const action = visibleOn(dark.card, colour, 3);
  return new Html(`<style>
      :root { color-scheme: light dark; supported-color-schemes: light dark; }
      @media (prefers-color-scheme: dark) {
        .ground { background-color: ${dark.ground} !important; }
        .card { background-color: ${dark.card} !important; border-color: ${dark.edge} !important; }
        .ink { color: ${dark.ink} !important; }
        .quiet { color: ${dark.quiet} !important; }
        .button { background-color: ${action} !important; border-color: ${action} !important; }
        .button-link { color: ${inkOn(action)} !important; }
      }
    </style>`);
}
