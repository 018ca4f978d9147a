/** Why Kafka did not take something. The first two are the message's own fault, all others an outage. */
export type KafkaFault =
  | 'message-too-large'
  | 'message-refused'
  | 'topic-missing'
  | 'topic-not-authorised'
  | 'cluster-not-authorised'
  | 'authentication-failed'
  /** Whatever else: no broker answers, a leader is being elected, … */
  | 'unavailable';

/** What Kafka or kafkajs said, by a code to decide by, and in a line for logs that holds no address of a person. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError';
  constructor(
    readonly code: KafkaFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Thrown by a publisher, it is an outage (`OutageError`), but for the message's own faults. */
  get outage(): boolean {
    return !this.isMessageFault;
  }

  /** Whether the message, and not its broker, is at fault. */
  get isMessageFault(): boolean {
    return this.code === 'message-too-large' || this.code === 'message-refused';
  }
}

/** By Kafka's own names (https://kafka.apache.org/protocol#protocol_error_codes). */
const faults: Readonly<Record<string, KafkaFault>> = {
  MESSAGE_TOO_LARGE: 'message-too-large',
  RECORD_LIST_TOO_LARGE: 'message-too-large',
  INVALID_RECORD: 'message-refused',
  CORRUPT_MESSAGE: 'message-refused',
  UNKNOWN_TOPIC_OR_PARTITION: 'topic-missing',
  TOPIC_AUTHORIZATION_FAILED: 'topic-not-authorised',
  CLUSTER_AUTHORIZATION_FAILED: 'cluster-not-authorised',
  SASL_AUTHENTICATION_FAILED: 'authentication-failed',
  UNSUPPORTED_SASL_MECHANISM: 'authentication-failed',
};

/** kafkajs's own `retriable` says false of everything final, outages included: only Kafka's name of the error tells. */
export function toKafkaError(error: unknown, topic: string): KafkaError {
  const type = errorType(error);
  const known = type === undefined ? undefined : faults[type];
  const code = known ?? (isAuthenticationError(error) ? 'authentication-failed' : 'unavailable');
  const said = type ?? (error instanceof Error ? error.message : 'unknown error');
  const words = inWords[code]?.(topic);
  return new KafkaError(code, `Kafka: ${said}${words ? `, ${words}` : ''}`, { cause: error });
}

const inWords: Readonly<Partial<Record<KafkaFault, (topic: string) => string>>> = {
  'message-too-large': () => 'the message is larger than the topic allows: raise its max.message.bytes',
  'topic-missing': (topic) => `the topic ${topic} does not exist: create it`,
  'topic-not-authorised': (topic) => `not authorised for the topic ${topic}`,
  'cluster-not-authorised': () => 'not authorised for the cluster',
  'authentication-failed': () => 'user name or password refused',
};

function errorType(error: unknown): string | undefined {
  const { type, cause } = (error ?? {}) as { type?: unknown; cause?: unknown };
  if (typeof type === 'string') return type;
  return cause ? errorType(cause) : undefined;
}

/** kafkajs's own refusal, without a name of Kafka's. */
function isAuthenticationError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'KafkaJSSASLAuthenticationError' || isAuthenticationError(error.cause);
}
