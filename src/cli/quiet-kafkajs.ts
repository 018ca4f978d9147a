type EmitWarning = (...parameters: unknown[]) => void;

/**
 * kafkajs sets timers that lie in the past, of which Node 24 warns at every command: that one warning, where kafkajs is the
 * cause, is left out.
 */
export function quietKafkajs(runtime: { emitWarning: EmitWarning }): void {
  const emitWarning = runtime.emitWarning.bind(runtime);
  runtime.emitWarning = (...parameters) => {
    const isNegativeTimeout = parameters[1] === 'TimeoutNegativeWarning';
    if (isNegativeTimeout && /[\\/]kafkajs[\\/]/.test(new Error('where').stack ?? '')) return;
    emitWarning(...parameters);
  };
}
