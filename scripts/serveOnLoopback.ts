import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that this machine alone can reach. */
export interface LoopbackServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Ends it, with the requests that still wait for an answer. */
  stop(): Promise<void>;
}

/** Serves over HTTP on 127.0.0.1; port 0 takes a free one. Rejects with Node's error where the port is taken. */
export async function serveOnLoopback(listener: RequestListener, port = 0): Promise<LoopbackServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
