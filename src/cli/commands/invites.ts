import { createInvite } from '../../invites/create-invite.js';
import { type InviteFilter, listInvites } from '../../invites/list-invites.js';
import { revokeInvite } from '../../invites/revoke-invite.js';
import type { Config } from '../../options/options.js';
import type { Cli } from '../cli.js';
import { withFluentMeet } from '../with-fluentmeet.js';
import { inviteJson } from '../masked-rows.js';
import { showPage } from '../show-page.js';
import { stateCell } from '../terminal/state-cell.js';

const request = { groups: ['database', 'signup'] } as const;

const createRequest = { groups: [...request.groups, 'links', 'emails'] } as const;

export interface CreateFlags {
  email?: string;
  domain?: string;
  maxUses: number;
  /** Milliseconds. */
  expires: number;
  note?: string;
}

export async function invitesCreate(
  cli: Cli,
  { email, domain, maxUses, expires, note }: CreateFlags,
): Promise<void> {
  const { output, mask } = cli;
  await withFluentMeet(cli, createRequest, async (internals) => {
    const { token, ...invite } = await createInvite(internals, {
      email,
      domain,
      maxUses,
      lifetime: expires,
      note,
    });
    const link = inviteLink(internals.config, token);
    // A note stands on stderr, which arrives all the same.
    const left = link === null || output.json ? ', and its token is lost' : ': its link is above';
    output.ifLost = `Invite ${invite.id} was made${left}. To end it: fluentmeet invites revoke ${invite.id}`;
    output.result({ token, link, ...inviteJson(invite, mask) }, () => {
      // Alone on stdout, so that it can be piped.
      output.line(token);
      output.note(
        `Invite ${invite.id}: ${invite.max_uses === 1 ? 'one account' : `${invite.max_uses} accounts`}, `,
        'until ',
        invite.expires_at,
        '.',
      );
      if (link !== null) output.note('The page to sign up with it: ', link);
      if (link !== null && cli.io.hostOptions && internals.config.brand.signupUrl === undefined) {
        output.note('Where the host has that page elsewhere: the option brand.signupUrl.');
      }
      output.note(
        'This token is not shown again. Who has it can sign up with it, as "invite" in the body of the signup.',
      );
      const { signup } = internals.config;
      if (signup !== 'invite') {
        output.note(
          `Signup is ${signup} here: invites are asked for with FLUENTMEET_SIGNUP=invite, or the option signup.`,
        );
      }
    });
  });
}

/** The signup page with the invite filled in: the host's, else ours where `serve` has it; null where no address is known. */
function inviteLink({ brand, publicUrl }: Config, token: string): string | null {
  const page = brand.signupUrl ?? (publicUrl === 'http://localhost' ? null : `${publicUrl}/signup`);
  if (page === null) return null;
  const url = new URL(page);
  url.searchParams.set('invite', token);
  return url.href;
}

export async function invitesList(cli: Cli, flags: InviteFilter & { limit: number }): Promise<void> {
  const { mask } = cli;
  const { invites, next } = await withFluentMeet(cli, request, (internals) => listInvites(internals, flags));
  showPage(cli, {
    ...{ name: 'invites', rows: invites, next, flags, none: 'No invite matches.' },
    json: (invite) => inviteJson(invite, mask),
    columns: [
      { title: 'ID', value: ({ id }) => id, align: 'right' },
      { title: 'STATE', value: ({ state }) => stateCell(state) },
      { title: 'USES', value: ({ uses, max_uses }) => `${uses}/${max_uses}`, align: 'right' },
      {
        title: 'FOR',
        value: ({ email, domain }) =>
          email === null ? (domain === null ? 'anyone' : `@${domain}`) : mask.address(email),
      },
      { title: 'EXPIRES', value: ({ expires_at }) => expires_at },
      { title: 'NOTE', value: ({ note }) => note },
    ],
  });
}

export async function invitesRevoke(cli: Cli, id: number): Promise<void> {
  const { output, mask } = cli;
  const invite = await withFluentMeet(cli, request, (internals) => revokeInvite(internals, id));
  output.result(inviteJson(invite, mask), () => {
    output.line(`Invite ${invite.id} is revoked; it was used ${invite.uses} of ${invite.max_uses} times.`);
  });
}
