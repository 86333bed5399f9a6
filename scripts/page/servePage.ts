import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPageApp, type PageDeps } from './createPageApp.ts';

/** A page that is being served. */
export interface ServedPage {
  readonly url: string;
  /** Ends it, with the requests that wait for events. */
  stop(): Promise<void>;
}

/** Serves the record page on this machine alone; port 0 takes a free one. */
export async function servePage(deps: PageDeps, port = 0): Promise<ServedPage> {
  const server = createServer(createPageApp(deps));
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
