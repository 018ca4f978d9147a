import { SMTPServer } from 'smtp-server';
import { answerCalls } from '../worker.js';

/** An SMTP server that takes everything, keeps nothing but when it came, and costs as little as it can. */
const receivedAt = new Map<string, number[]>();
let count = 0;
let waiting: { until: number; resolve: () => void } | undefined;

answerCalls({
  async start() {
    const server = new SMTPServer({
      authOptional: true,
      disableReverseLookup: true,
      hideSTARTTLS: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData(stream, session, done) {
        stream.resume();
        stream.on('end', () => {
          const to = session.envelope.rcptTo[0]?.address ?? '';
          receivedAt.set(to, [...(receivedAt.get(to) ?? []), Date.now()]);
          count += 1;
          done();
          if (waiting && count >= waiting.until) waiting.resolve();
        });
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return (server.server.address() as { port: number }).port;
  },
  forget() {
    receivedAt.clear();
    count = 0;
  },
  until(until: number) {
    if (count >= until) return undefined;
    return new Promise<void>((resolve) => (waiting = { until, resolve }));
  },
  /** Of each address, the times of its mails. */
  received: () => [...receivedAt],
});
