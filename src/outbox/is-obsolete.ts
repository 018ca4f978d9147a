import type { ClaimedEmail } from './claim-emails.js';
import { isTemplate, templates } from './templates.js';

/** It will not go out, by what its account is now. One that a newer version wrote is for that to judge. */
export function isObsolete({
  is_gone,
  is_verified,
  template,
}: Pick<ClaimedEmail, 'is_gone' | 'is_verified' | 'template'>): boolean {
  return is_gone || (is_verified && isTemplate(template) && templates[template].forUnverifiedOnly);
}
