import { pino } from 'pino';
import type { FluentMeet } from '../src/fluentmeet.js';
import type { FluentMeetOptions } from '../src/options/options.js';
import { createFluentMeet } from './built.js';

export const secret = 'a secret that is used for nothing at all here';

/**
 * An instance as a host would make it, but for limits that a bench does not reach. It logs every event, to /dev/null:
 * one write a line, as to a terminal or a pipe.
 */
export function benchInstance(options: Partial<FluentMeetOptions> & { database: string }): FluentMeet {
  return createFluentMeet({
    publicUrl: 'https://fluentmeet.example',
    secret,
    rateLimits: { signup: 1_000_000, challenge: 1_000_000 },
    logger: pino({ level: 'info' }, pino.destination({ dest: '/dev/null', sync: true })),
    ...(options.kafka ? {} : { publisher: 'none' }),
    ...options,
  });
}
