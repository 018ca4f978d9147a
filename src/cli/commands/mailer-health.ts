import { Router } from 'express';
import type { Mailer } from '../../mailer/mailer.js';
import type { Health } from '../server/health.js';

/** `/healthz`: this process runs. `/readyz`: it reads the topic, and the SMTP server answered last. */
export function createMailerHealth(
  mailer: Pick<Mailer, 'kafka' | 'awayReason' | 'smtp'>,
): Pick<Health, 'router' | 'drain'> {
  let draining = false;
  const router = Router();
  router.get('/healthz', (_req, res) => void res.set('Cache-Control', 'no-store').json({ status: 'ok' }));
  router.get('/readyz', (_req, res) => {
    const { kafka, awayReason, smtp } = mailer;
    const ready = kafka === 'joined' && smtp === 'answering' && !draining;
    const status = ready ? 'ready' : draining ? 'stopping' : 'not ready';
    res
      .set('Cache-Control', 'no-store')
      .status(ready ? 200 : 503)
      .json({ status, kafka, ...(awayReason && { reason: awayReason }), smtp });
  });
  return {
    router,
    drain() {
      draining = true;
    },
  };
}
