import { Router } from 'express';
import type { MailboxPublisher } from '../publishers/mailbox/mailbox-publisher.js';
import type { Config } from '../options.js';
import { devPageHeaders } from './dev-page.js';
import { devStyle } from './dev-style.js';
import { mailboxRoutes, type MailboxSetting } from './mailbox-routes.js';
import { signupPage } from './signup-page.js';
import { signupScript } from './signup-script.js';

/** What `fluentmeet dev` adds to the module's routes: a page to sign up with, and a mailbox. */
export function devRoutes(config: Config, mailbox: MailboxPublisher, setting?: MailboxSetting): Router {
  const router = Router();
  const form = signupPage(config);
  router.get('/', (_req, res) => void res.set(devPageHeaders).type('html').send(form));
  router.use(mailboxRoutes(config, mailbox, setting));
  const asset = (path: string, type: string, content: string) =>
    router.get(path, (_req, res) => void res.set('Cache-Control', 'no-cache').type(type).send(content));
  asset('/assets/dev.css', 'css', devStyle);
  asset('/assets/signup.js', 'js', signupScript);
  router.get('/favicon.ico', (_req, res) => void res.status(204).end());
  return router;
}
