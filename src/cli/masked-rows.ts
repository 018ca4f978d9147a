import type { EmailDetails } from '../desk/email-details.js';
import type { InviteDetails } from '../invites/invite-details.js';
import type { User } from '../users/user.js';
import type { Mask } from './cli.js';

/** What `--json` prints, in the shapes that the help shows. Addresses are masked unless `--reveal`. */

/** Every column but the password's hash. */
export function userJson(user: User, mask: Mask) {
  return { ...user.toJSON(), email: mask.address(user.email) };
}

export function emailJson(email: EmailDetails, mask: Mask) {
  return { ...email, to: mask.address(email.to) };
}

export function inviteJson(invite: InviteDetails, mask: Mask) {
  return { ...invite, email: invite.email === null ? null : mask.address(invite.email) };
}
