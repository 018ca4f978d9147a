import { templateNames } from '../../outbox/templates.js';

/** The stable shapes of `--json`, for the help: apart from what makes them, which takes longer to load. */

export const userShape =
  '{ "id": 1, "email": "a***@example.com", "full_name": "Ada Lovelace" | null, "speaking_language": "en", "listening_language": "fr",\n' +
  '    "is_active": true, "is_verified": false, "created_at": "…", "updated_at": "…", "deleted_at": "…" | null,\n' +
  '    "terms_accepted_at": "…" | null, "terms_version": "2026-03" | null }';

export const emailShape =
  `{ "id": 1, "status": "pending" | "held" | "published" | "dead" | "obsolete", "template": ${templateNames.map((name) => `"${name}"`).join(' | ')},\n` +
  '    "user_id": 1, "to": "a***@example.com", "attempts": 0, "claims": 0, "last_error": "…" | null, "leased": false,\n' +
  '    "held_by": "mailbox" | "domain" | null, "next_attempt_at": "…", "event_id": "…", "created_at": "…", "published_at": "…" | null }';

export const inviteShape =
  '{ "id": 1, "state": "usable" | "spent" | "expired" | "revoked", "email": "a***@example.com" | null, "domain": "example.com" | null, "uses": 0, "max_uses": 1,\n' +
  '    "expires_at": "…", "revoked_at": "…" | null, "note": "…" | null, "created_at": "…" }';
