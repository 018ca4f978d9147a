import { Router } from 'express';
import type { MailboxPublisher } from '../publishers/mailbox/mailbox-publisher.js';
import { type FluentMeet, internalsOf } from '../fluentmeet.js';
import { signupPage } from '../http/index.js';
import { mailboxRoutes, type MailboxSetting } from './mailbox-routes.js';

/** What `fluentmeet dev` adds to the module's routes: the signup page, and a mailbox. */
export function devRoutes(
  fluentmeet: FluentMeet,
  mailbox: MailboxPublisher,
  setting: MailboxSetting,
): Router {
  const router = Router();
  router.use(signupPage(fluentmeet, { mailboxUrl: '/mailbox' }));
  router.use(mailboxRoutes(internalsOf(fluentmeet).config, mailbox, setting));
  router.get('/favicon.ico', (_req, res) => void res.status(204).end());
  return router;
}
