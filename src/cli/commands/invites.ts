import { createInvite } from '../../invites/create-invite.js';
import type { InviteDetails, InviteState } from '../../invites/invite-details.js';
import { listInvites } from '../../invites/list-invites.js';
import { revokeInvite } from '../../invites/revoke-invite.js';
import type { Config } from '../../options.js';
import type { Cli } from '../cli.js';
import type { SettingsRequest } from '../options-from-env.js';
import { withFluentMeet } from '../with-fluentmeet.js';
import { inviteJson, nextPageHint, stateCell } from './entities.js';

const request: SettingsRequest = { groups: ['database', 'signup'], required: ['DATABASE_URL'] };

const createRequest: SettingsRequest = { ...request, groups: [...request.groups, 'links', 'emails'] };

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
  await withFluentMeet(cli, createRequest, async ({ internals }) => {
    const { token, ...invite } = await createInvite(internals, {
      email,
      domain,
      maxUses,
      lifetime: expires,
      note,
    });
    output.ifLost = `Invite ${invite.id} was made, and its token is lost. To end it: fluentmeet invites revoke ${invite.id}`;
    const link = inviteLink(internals.config, token);
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

export interface ListFlags {
  state?: InviteState;
  email?: string;
  before?: number;
  limit: number;
}

export async function invitesList(cli: Cli, { state, email, before, limit }: ListFlags): Promise<void> {
  const { output, mask } = cli;
  const page = await withFluentMeet(cli, request, ({ internals }) =>
    listInvites(internals, { state, email, before, limit }),
  );
  output.result({ invites: page.invites.map((invite) => inviteJson(invite, mask)), next: page.next }, () => {
    if (page.invites.length === 0) output.note('No invite matches.');
    else {
      output.table(page.invites, [
        { title: 'ID', value: ({ id }) => id, align: 'right' },
        { title: 'STATE', value: ({ state: one }) => stateCell(one) },
        { title: 'USES', value: ({ uses, max_uses }) => `${uses}/${max_uses}`, align: 'right' },
        {
          title: 'FOR',
          value: ({ email: address, domain }) =>
            address === null ? (domain === null ? 'anyone' : `@${domain}`) : mask.address(address),
        },
        { title: 'EXPIRES', value: ({ expires_at }) => expires_at },
        { title: 'NOTE', value: ({ note }) => note },
      ]);
    }
    if (page.next !== null)
      output.note(nextPageHint('fluentmeet invites list', { state, email, limit }, page.next));
  });
}

export async function invitesRevoke(cli: Cli, id: number): Promise<void> {
  const { output, mask } = cli;
  const invite: InviteDetails = await withFluentMeet(cli, request, ({ internals }) =>
    revokeInvite(internals, id),
  );
  output.result(inviteJson(invite, mask), () => {
    output.line(`Invite ${invite.id} is revoked; it was used ${invite.uses} of ${invite.max_uses} times.`);
  });
}
