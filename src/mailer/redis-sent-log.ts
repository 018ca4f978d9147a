import { randomUUID } from 'node:crypto';
import type { Logger } from '../logger.js';
import { describeRedisError } from '../redis-error.js';
import { type Claim, createMemorySentLog, longestTry, type SentLog } from './sent-log.js';

/** As much of a Redis client as is asked of it. It should fail at once while Redis is away, and soon where it falls silent. */
export interface RedisCommands {
  sendCommand(command: string[]): Promise<unknown>;
}

/** How long a sent email is remembered: longer than any link lives by default, and than Kafka is usually away. */
const memoryLength = 2 * 86_400_000;

/**
 * The state is `sent`, or the time on Redis's clock at which the try ends and the mark of whoever tries. Kept beyond that
 * time, so that a try that never ended is known for one: the email is sent again, and may be the second. One with our own
 * mark holds up nobody: we had given up the answer to it, and know best how that try ended.
 */
const claimScript = `
local state = redis.call('get', KEYS[1])
if state == 'sent' then return 'sent' end
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if state then
  local left = tonumber(string.match(state, '^%d+')) - now
  if left > 0 then
    if string.match(state, ' (.+)$') ~= ARGV[2] then return left end
    state = 'own'
  end
end
redis.call('set', KEYS[1], string.format('%.0f', now + ARGV[1]) .. ' ' .. ARGV[2], 'PX', ARGV[3])
if state == 'own' then return state end
return state and 'again' or 'free'`;

const releaseScript = `
local state = redis.call('get', KEYS[1])
if not state or string.match(state, ' (.+)$') ~= ARGV[1] then return end
if ARGV[2] == 'lapse' then redis.call('set', KEYS[1], '0 ' .. ARGV[1], 'KEEPTTL')
else redis.call('del', KEYS[1]) end`;

/**
 * What all mailers share. While Redis is away, or silent, each remembers for itself, and says so once.
 *
 * @param prefix of the keys: mailers of other topics have others
 */
export function createRedisSentLog(
  redis: RedisCommands,
  prefix: string,
  logger: Logger,
  { tryLength = longestTry }: { tryLength?: number } = {},
): SentLog {
  const memory = createMemorySentLog({ tryLength });
  const mark = randomUUID();
  let away = false;

  async function ask(...command: string[]): Promise<unknown> {
    try {
      const answer = await redis.sendCommand(command);
      if (away) logger.info({ event: 'mailer.repeats-shared' }, 'Repeats are dropped by Redis again');
      away = false;
      return answer;
    } catch (error) {
      if (!away) {
        logger.warn(
          { event: 'mailer.repeats-alone', error: describeRedisError(error) },
          'Redis cannot be asked: repeats are dropped by what this process alone remembers',
        );
      }
      away = true;
      return undefined;
    }
  }

  const end = (eventId: string, how: 'release' | 'lapse'): Promise<unknown> =>
    ask('EVAL', releaseScript, '1', prefix + eventId, mark, how);

  return {
    async claim(eventId) {
      const own = await memory.claim(eventId);
      if (own.state !== 'free' && own.state !== 'again') return own;
      const key = prefix + eventId;
      const answer = await ask(
        ...['EVAL', claimScript, '1', key, String(tryLength), mark, String(memoryLength)],
      );
      if (answer === undefined || answer === 'own') return own;
      const claim = claimOf(answer);
      if (claim.state === 'sent') await memory.sent(eventId);
      else if (claim.state === 'sending') await memory.release(eventId);
      return claim.state === 'free' ? own : claim;
    },
    async sent(eventId) {
      await memory.sent(eventId);
      await ask('SET', prefix + eventId, 'sent', 'PX', String(memoryLength));
    },
    async release(eventId) {
      await memory.release(eventId);
      await end(eventId, 'release');
    },
    async lapse(eventId) {
      await memory.lapse(eventId);
      await end(eventId, 'lapse');
    },
  };
}

function claimOf(answer: unknown): Claim {
  const text = String(answer);
  if (text === 'free' || text === 'again' || text === 'sent') return { state: text };
  return { state: 'sending', for: Math.max(1, Number(text) || 1) };
}
