/** The limiters of the routes. */
export type RateLimitName = 'signup' | 'verify' | 'resend' | 'status' | 'challenge';

/**
 * Makes the store of one limiter: any store of express-rate-limit fits (its `increment`, `decrement`, `resetKey`).
 * A factory and not a store, because two limiters must never count in the same one. `solutions` is for those of ALTCHA that
 * were spent, where that is the challenge.
 */
export type RateLimitStoreFactory = (name: RateLimitName | 'solutions') => RateLimitStore;

export interface RateLimitStore {
  init?: (options: never) => void;
  increment(key: string): Promise<RateLimitCount> | RateLimitCount;
  decrement(key: string): Promise<void> | void;
  resetKey(key: string): Promise<void> | void;
}

export interface RateLimitCount {
  totalHits: number;
  resetTime: Date | undefined;
}
