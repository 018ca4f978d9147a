/** What a message tells of its reader. */
interface Recipient {
  full_name: string | null;
}

interface Template<Data extends object> {
  /** As the message on the topic has it; a mailer may say it in the reader's language. */
  subject: (brandName: string) => string;
  /** It carries a verification link, made anew whenever it is published. */
  hasLink: boolean;
  /** Of no use to whoever is verified: it becomes obsolete. So does every email of an account that is gone. */
  forUnverifiedOnly: boolean;
  /** `link` is the verification link, or empty where the template has none. */
  data: (recipient: Recipient, link: string) => Data;
}

/**
 * Every email this module writes, one entry each. Besides its words (`mail.<template>.…` in `words/`) and who enqueues it,
 * nothing else knows of a template.
 */
export const templates = {
  verification: template({
    subject: (brandName) => `Verify your ${brandName} account`,
    hasLink: true,
    forUnverifiedOnly: true,
    data: ({ full_name }, verification_link) => ({ full_name, verification_link }),
  }),
  'account-exists': template({
    subject: (brandName) => `You already have an account with ${brandName}`,
    hasLink: false,
    forUnverifiedOnly: false,
    data: ({ full_name }) => ({ full_name }),
  }),
};

export type EmailTemplate = keyof typeof templates;

/** What a message of this template has in its `data`. */
export type EmailData<Name extends EmailTemplate> = ReturnType<(typeof templates)[Name]['data']>;

export const templateNames = Object.keys(templates) as EmailTemplate[];

/** A row's template is known to this version; a newer one may have written others. */
export function isTemplate(name: string): name is EmailTemplate {
  return Object.hasOwn(templates, name);
}

/** Those whose emails carry a link. */
export const linkTemplates = templateNames.filter((name) => templates[name].hasLink);

/** For SQL: the names, quoted and with commas between, of the templates that only the unverified get. */
export const forUnverifiedOnly = templateNames
  .filter((name) => templates[name].forUnverifiedOnly)
  .map((name) => `'${name}'`)
  .join(', ');

function template<Data extends object>(entry: Template<Data>): Template<Data> {
  return entry;
}
