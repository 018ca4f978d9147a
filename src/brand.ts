import { z } from 'zod';
import { mailtoAddress } from './mailto-address.js';
import { checkOptions } from './options/check-options.js';

/** How the host looks to the people who sign up: given once, used by pages and mails. */
export interface Brand {
  /** Default: `defaultBrand`'s. */
  name?: string | undefined;
  /** Of buttons: `#rgb` or `#rrggbb`. The text on it turns dark or light by it. */
  colour?: string | undefined;
  /** An image of the brand's name. In mails by https only. */
  logo?: string | undefined;
  favicon?: string | undefined;
  /** A style sheet of the pages, after ours. */
  stylesheet?: string | undefined;
  /** Where people get help: a page, or `mailto:help@example.com`. */
  supportUrl?: string | undefined;
  loginUrl?: string | undefined;
  /** The page to sign up with, where it is not `signupPage` at `<publicUrl>/signup`: invites lead there. */
  signupUrl?: string | undefined;
  termsUrl?: string | undefined;
  /** Of the terms. Where it is given, a person has to accept them, and which ones is stored. */
  termsVersion?: string | undefined;
  privacyUrl?: string | undefined;
  /** Where a person goes on to once the address is verified. */
  afterVerification?: string | undefined;
}

export const defaultBrand = { name: 'FluentMeet', colour: '#2f4fc6' } as const;

const webUrl = z
  .string()
  .refine(isWebUrl, 'must be an absolute http or https URL without credentials')
  .transform((url) => new URL(url).href);

/** An absolute http or https URL without credentials. */
export function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && !username && !password;
}

const mailtoUrl = z
  .string()
  .regex(/^mailto:[^\s<>"']+$/)
  .refine((url) => mailtoAddress(url) !== null);

export const brandSchema = z
  .strictObject({
    // No line break, since it stands in a mail's subject, and nothing that turns the text around it.
    name: z
      .string()
      .trim()
      .regex(
        /^[^\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u202a-\u202e\u2066-\u2069]{1,60}$/u,
        'must be one line of 1 to 60 characters',
      )
      .default(defaultBrand.name),
    colour: z
      .string()
      .regex(/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i, 'must be a colour such as #2f4fc6')
      .transform((colour) => colour.toLowerCase().replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3'))
      .default(defaultBrand.colour),
    logo: webUrl.optional(),
    favicon: webUrl.optional(),
    stylesheet: webUrl.optional(),
    supportUrl: z
      .union([mailtoUrl, webUrl], { error: 'must be an http or https URL, or mailto: with one address' })
      .optional(),
    loginUrl: webUrl.optional(),
    signupUrl: webUrl.optional(),
    termsUrl: webUrl.optional(),
    termsVersion: z
      .string()
      .trim()
      .regex(/^[\p{L}\p{N}._-]{1,64}$/u, 'must be 1 to 64 letters, digits, dots, hyphens or underscores')
      .optional(),
    privacyUrl: webUrl.optional(),
    afterVerification: webUrl.optional(),
  })
  .refine(({ termsUrl, termsVersion }) => termsVersion === undefined || termsUrl !== undefined, {
    path: ['termsVersion'],
    message: 'needs termsUrl: nobody can accept what they cannot read',
  });

/** The brand, complete and checked. */
export type CheckedBrand = Readonly<z.output<typeof brandSchema>>;

/** @throws InvalidOptionsError naming every wrong part at once */
export function parseBrand(brand: Brand = {}): CheckedBrand {
  return checkOptions(brandSchema, brand, ['brand']);
}
