import { authRouter, requireVerified } from '@fluentmeet/signup/express';
import express from 'express';

/** The app that is tested. In production it is handed what `createFluentMeet` makes. */
export function createApp(fluentmeet) {
  const app = express();
  app.use('/api/v1/auth', authRouter(fluentmeet));
  app.get(
    '/meetings',
    // A header stands for the host's session here.
    requireVerified(fluentmeet, (req) => req.get('x-account-id')),
    (req, res) => res.json({ meetings: [] }),
  );
  return app;
}
