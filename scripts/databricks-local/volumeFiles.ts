import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { HttpAnswer } from './httpAnswer.ts';
import { StatementError } from './statementError.ts';

const grantMs = 900_000;

/** What a client may do with one file at one address, for a quarter of an hour. */
interface Grant {
  readonly method: 'PUT' | 'GET' | 'DELETE';
  readonly file: string;
  readonly expiresAt: number;
}

/** The files of the volumes, which live in a directory, and the addresses under which clients transfer them. */
export interface VolumeFiles {
  /** The file on this machine of `/Volumes/<catalog>/<schema>/<volume>/…`. Throws if the path is none. */
  locate(path: string): string;
  /** Whether there is a file or a directory at the path. */
  has(path: string): boolean;
  /** An address on this server under which the file can be transferred. */
  grant(method: Grant['method'], path: string): string;
  /** Does what was granted under the address. */
  transfer(method: string, address: string, content: Readable): Promise<HttpAnswer>;
}

export const filesPath = '/files/';

export function createVolumeFiles(directory: string): VolumeFiles {
  const grants = new Map<string, Grant>();
  const locate = (path: string): string => {
    if (!/^\/Volumes(\/(?!\.\.?(\/|$))[\w.=-]+){4,}$/.test(path)) {
      throw new StatementError('42000', 'INVALID_VOLUME_PATH', `'${path}' is not a path in a volume.`);
    }
    return join(directory, path);
  };
  return {
    locate,
    has: (path) => existsSync(locate(path)),
    grant: (method, path) => {
      for (const [id, { expiresAt }] of grants) if (expiresAt <= Date.now()) grants.delete(id);
      const id = randomUUID();
      grants.set(id, { method, file: locate(path), expiresAt: Date.now() + grantMs });
      return `${filesPath}${id}`;
    },
    transfer: async (method, address, content) => {
      const grant = grants.get(address.slice(filesPath.length));
      if (grant === undefined || grant.expiresAt <= Date.now() || grant.method !== method)
        return { status: 403 };
      if (method === 'PUT') {
        await mkdir(dirname(grant.file), { recursive: true });
        await pipeline(content, createWriteStream(grant.file));
        return { status: 200 };
      }
      if (!existsSync(grant.file)) return { status: 404 };
      if (method === 'GET') return { status: 200, body: await readFile(grant.file) };
      await rm(grant.file);
      return { status: 200 };
    },
  };
}
