import { defaultBrand } from '../brand.js';
import type { Variable } from './variables.js';

/** How the host looks, in pages and mails: option `brand`. */
export const brandVariables = [
  brand('NAME', 'name', 'name that pages and mails bear', defaultBrand.name),
  brand('COLOUR', 'colour', 'colour of buttons, such as #2f4fc6', defaultBrand.colour),
  brand('LOGO', 'logo', 'URL of an image of the name; in mails by https only'),
  brand('FAVICON', 'favicon', 'URL of the icon of the pages'),
  brand('STYLESHEET', 'stylesheet', 'URL of a style sheet of the pages, after ours'),
  brand('SUPPORT_URL', 'supportUrl', 'page on which people get help, or mailto:help@example.com'),
  brand('LOGIN_URL', 'loginUrl', 'page to log in'),
  brand('SIGNUP_URL', 'signupUrl', 'page to sign up, where it is not /signup of the app'),
  brand('TERMS_URL', 'termsUrl', 'page of the terms of service'),
  brand('TERMS_VERSION', 'termsVersion', 'version of the terms; where it is set, people have to accept them'),
  brand('PRIVACY_URL', 'privacyUrl', 'page of the privacy policy'),
  brand('AFTER_VERIFICATION', 'afterVerification', 'page to go on to after the verification'),
] as const;

function brand<const Name extends string>(
  name: Name,
  option: string,
  meaning: string,
  byDefault?: string,
): Variable & { readonly name: `FLUENTMEET_BRAND_${Name}` } {
  return {
    name: `FLUENTMEET_BRAND_${name}`,
    group: 'emails',
    meaning,
    option: `brand.${option}`,
    ...(byDefault === undefined ? {} : { default: byDefault }),
  };
}
