import { createServer } from 'node:http';

/** The least that an HTTP server can do: what it needs for an answer, the machine needs, and not we. */
const server = createServer((_req, res) => res.end('{"status":"ok"}'));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
});
process.once('disconnect', () => process.exit());
