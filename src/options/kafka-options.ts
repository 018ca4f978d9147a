import { z } from 'zod';
import { oneOf } from './option-values.js';

export interface KafkaOptions {
  /** `host:port` of at least one broker. */
  brokers: readonly string[];
  ssl?: boolean | undefined;
  sasl?:
    | { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string }
    | undefined;
}

const broker = z
  .string()
  .trim()
  .regex(/^(\[[0-9a-fA-F:.]+\]|[\w.-]+):\d{1,5}$/, { error: 'must be host:port', abort: true })
  .refine(
    (value) => Number(value.slice(value.lastIndexOf(':') + 1)) <= 65_535,
    'must have a port of 65535 or less',
  );

export const kafkaOptions = z.strictObject({
  brokers: z.array(broker).min(1, 'must name at least one broker'),
  ssl: z.boolean().optional(),
  sasl: z
    .strictObject({
      mechanism: oneOf('plain', 'scram-sha-256', 'scram-sha-512'),
      username: z.string().min(1),
      password: z.string().min(1),
    })
    .optional(),
});
