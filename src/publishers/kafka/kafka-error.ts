/** Kafka's errors that are about the message itself; every other one is the broker's, the network's or the operator's. */
const messageFaults = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'CORRUPT_MESSAGE',
]);

const advice: Readonly<Record<string, string>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'the topic does not exist: create it',
  TOPIC_AUTHORIZATION_FAILED: 'not authorised for the topic',
  CLUSTER_AUTHORIZATION_FAILED: 'not authorised for the cluster',
  SASL_AUTHENTICATION_FAILED: 'user name or password refused',
  MESSAGE_TOO_LARGE: 'the message is larger than the topic allows',
};

/** Whether the message, and not its broker, is at fault. kafkajs's own `retriable` says false of everything final. */
export function isMessageFault(error: unknown): boolean {
  return messageFaults.has(errorType(error) ?? '');
}

/** A line for people: Kafka's own code, what to do where it is known, and no address of a person. */
export function kafkaErrorText(error: unknown): string {
  const type = errorType(error);
  if (type) return `Kafka: ${type}${advice[type] ? `, ${advice[type]}` : ''}`;
  return error instanceof Error ? `Kafka: ${error.message}` : 'Kafka: unknown error';
}

function errorType(error: unknown): string | undefined {
  const { type, cause } = (error ?? {}) as { type?: unknown; cause?: unknown };
  if (typeof type === 'string') return type;
  return cause ? errorType(cause) : undefined;
}
