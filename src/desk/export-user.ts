import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import type { AccountReference } from './account.js';
import { logAct } from './log-act.js';
import { findPerson, type PersonalKind, personalRows } from './personal-rows.js';

/** Rows as they stand, by their columns' names, without hashes. */
type Rows = object[];

export type ExportedUser = { user: object | null } & Record<PersonalKind, Rows>;

/**
 * Everything kept about one person, deleted accounts too: the account without its password's hash, its emails and links
 * without their tokens, invites for the address, and the counts of mails to the mailbox.
 *
 * @throws NotFoundError (`NOT_FOUND`) where nothing is kept; ValidationError (`VALIDATION_ERROR`),
 *   ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function exportUser(context: Context, reference: AccountReference): Promise<ExportedUser> {
  const person = await findPerson(context, reference);
  const rows = {} as Record<PersonalKind, Rows>;
  for (const { name, model, where, hidden } of personalRows(context, person)) {
    const found = where ? await model.findAll({ where, attributes: { exclude: hidden } }) : [];
    rows[name] = found.map((row) => row.toJSON());
  }
  const found: ExportedUser = { user: person.account?.toJSON() ?? null, ...rows };
  if (isEmpty(found)) throw new NotFoundError('Nothing is kept about this person.');
  logAct(context, 'user-exported', 'Exported what is kept about a person', {
    userId: person.account?.id ?? null,
  });
  return found;
}

function isEmpty({ user, ...rows }: ExportedUser): boolean {
  return user === null && Object.values(rows).every((some) => some.length === 0);
}
