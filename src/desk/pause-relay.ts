import { literal } from 'sequelize';
import type { Context } from '../context.js';
import { ValidationError } from '../errors.js';
import { fault } from '../faults.js';
import { isOneLine } from '../is-one-line.js';
import { type Pause, pauseHolds, currentPause, toPause } from '../outbox/relay-pause.js';
import { logAct } from './log-act.js';

const longestReason = 500;

export interface PauseRequest {
  /** One line, for whoever wonders. */
  reason: string;
  /** Milliseconds after which it ends by itself. */
  length?: number | undefined;
}

/**
 * Holds up every relay, `register` and replay, in all processes, from their next claim on: the claim itself reads the
 * row. What is being published goes on to its end. Paused again, it is paused anew.
 *
 * @throws ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function pauseRelay(context: Context, { reason, length }: PauseRequest): Promise<Pause> {
  const { database, models } = context;
  const text = reason.trim();
  if (text === '' || !isOneLine(text, longestReason)) {
    throw new ValidationError([fault('reason', 'REASON_NOT_ONE_LINE')]);
  }
  const now = database.now();
  const until = length === undefined ? null : literal(`${now} + ${length} * interval '1 millisecond'`);
  const row = { id: 1, reason: text, paused_at: literal(now), paused_until: until };
  const [written] = await models.RelayPause.upsert(row, { returning: true });
  const pause = toPause(written);
  logAct(context, 'relay-paused', 'All relays paused', { ...pause });
  return pause;
}

/**
 * Ends a pause. Resolves with it, or with null where none held.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function resumeRelay(context: Context): Promise<Pause | null> {
  const { database, models } = context;
  const held = await currentPause(context);
  const where = literal(pauseHolds(database));
  await models.RelayPause.destroy({ where });
  if (held) logAct(context, 'relay-resumed', 'All relays resumed', { reason: held.reason });
  return held;
}
