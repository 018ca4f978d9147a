import { NotFoundError } from '../../errors.js';
import { findAccount, requireAccount } from '../../desk/account.js';
import type { ChangedAccount } from '../../desk/change-account.js';
import { listUsers, type UserFilter } from '../../desk/list-users.js';
import { setUserActive } from '../../desk/set-user-active.js';
import { verifyUser } from '../../desk/verify-user.js';
import type { User } from '../../users/user.js';
import type { Cli } from '../cli.js';
import { UsageError } from '../cli-error.js';
import { confirmOrStop, demandYes } from '../confirm.js';
import { type Cell, styled } from '../terminal/cell.js';
import { withFluentMeet } from '../with-fluentmeet.js';
import { accountReference } from '../account-reference.js';
import { refuseEmptyTime } from '../point-in-time.js';
import { showPage } from '../show-page.js';
import { userJson } from '../masked-rows.js';

const request = { groups: ['database'] } as const;

/** Whether the password is cleared, and how one is hashed. */
const verifyRequest = { groups: ['database', 'signup'] } as const;

interface ListFlags extends UserFilter {
  unverified?: boolean;
  inactive?: boolean;
  limit: number;
}

export async function usersList(cli: Cli, flags: ListFlags): Promise<void> {
  const { mask } = cli;
  refuseEmptyTime(flags);
  const verified = either(flags.verified, flags.unverified, '--verified', '--unverified');
  const active = either(flags.active, flags.inactive, '--active', '--inactive');
  const { users, next } = await withFluentMeet(cli, request, (internals) =>
    listUsers(internals, { ...flags, verified, active }),
  );
  showPage(cli, {
    ...{ name: 'users', rows: users, next, flags, none: 'No account matches.' },
    json: (user) => userJson(user, mask),
    columns: [
      { title: 'ID', value: ({ id }) => id, align: 'right' },
      { title: 'EMAIL', value: ({ email }) => mask.address(email) },
      { title: 'STATE', value: stateOf },
      { title: 'NAME', value: ({ full_name }) => full_name },
      {
        title: 'LANGUAGES',
        value: ({ speaking_language, listening_language }) => `${speaking_language} → ${listening_language}`,
      },
      { title: 'SIGNED UP', value: ({ created_at }) => created_at },
    ],
  });
}

function either(
  yes: boolean | undefined,
  no: boolean | undefined,
  yesFlag: string,
  noFlag: string,
): boolean | undefined {
  if (yes && no) throw new UsageError(`give ${yesFlag} or ${noFlag}, not both`);
  return yes ? true : no ? false : undefined;
}

export async function usersShow(cli: Cli, reference: string): Promise<void> {
  const user = await withFluentMeet(cli, request, (internals) =>
    findAccount(internals, accountReference(reference)),
  );
  if (!user) throw new NotFoundError('There is no such account.');
  cli.output.result(userJson(user, cli.mask), () => showUser(cli, user));
}

export async function usersVerify(cli: Cli, reference: string): Promise<void> {
  const { changed, user, cleared } = await withFluentMeet(cli, verifyRequest, async (internals) => ({
    ...(await verifyUser(internals, accountReference(reference))),
    cleared: internals.config.proof === 'link-and-password',
  }));
  cli.output.result({ changed, user: userJson(user, cli.mask) }, () => {
    cli.output.line(`Account ${user.id} ${changed ? 'is verified now.' : 'was verified already.'}`);
    if (changed && cleared) cli.output.note('Its password is cleared: its owner sets one by your reset.');
    if (!user.is_active) cli.output.warn(`it is inactive: fluentmeet users activate ${user.id}`);
  });
}

export async function usersDeactivate(
  cli: Cli,
  reference: string,
  { yes = false }: { yes?: boolean },
): Promise<void> {
  demandYes(cli, yes);
  await withFluentMeet(cli, request, async (internals) => {
    const user = await requireAccount(internals, accountReference(reference));
    const deed = `Deactivate the account ${user.id} (${cli.mask.address(user.email)})`;
    if (user.is_active) await confirmOrStop(cli, internals, { yes, deed });
    showActive(cli, await setUserActive(internals, { id: user.id }, false));
  });
}

export async function usersActivate(cli: Cli, reference: string): Promise<void> {
  await withFluentMeet(cli, request, async (internals) => {
    showActive(cli, await setUserActive(internals, accountReference(reference), true));
  });
}

function showActive({ output, mask }: Cli, { changed, user }: ChangedAccount): void {
  output.result({ changed, user: userJson(user, mask) }, () => {
    const word = user.is_active ? 'active' : 'inactive';
    output.line(`Account ${user.id} ${changed ? `is ${word} now.` : `was ${word} already.`}`);
    if (changed && !user.is_active) output.note(`To take it back: fluentmeet users activate ${user.id}`);
  });
}

function showUser({ output, mask }: Cli, user: User): void {
  output.details([
    ['Id', user.id],
    ['Email', mask.address(user.email)],
    ['State', stateOf(user)],
    ['Name', user.full_name],
    ['Speaks', user.speaking_language],
    ['Listens in', user.listening_language],
    ['Signed up', user.created_at],
    ['Changed', user.updated_at],
    ...(user.terms_accepted_at
      ? [['Terms accepted', user.terms_accepted_at] as const, ['Terms version', user.terms_version] as const]
      : []),
    ...(user.deleted_at ? [['Deleted', user.deleted_at] as const] : []),
  ]);
  if (!user.is_verified) output.note(`Where is their mail? fluentmeet users explain ${user.id}`);
}

function stateOf({ deleted_at, is_active, is_verified }: User): Cell {
  if (deleted_at) return styled('red', 'deleted');
  if (!is_active) return styled('red', is_verified ? 'inactive' : 'inactive, unverified');
  return is_verified ? styled('green', 'verified') : styled('yellow', 'unverified');
}
