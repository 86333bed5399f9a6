import fs from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type ModuleOptions = Parameters<NodeFS['init']>[1];

interface NodeStream {
  readonly nfd?: number;
}

/**
 * Opens PGlite in a directory (made if missing) so that a commit is acknowledged after the file system has flushed
 * it. PGlite starts with fsync off; of the methods only `fsync` reaches the file system here. With the default
 * 128 MB of shared buffers the process would take 140 MB more.
 */
export function createDurablePglite(directory: string): Promise<PGlite> {
  return PGlite.create({
    fs: new DurableNodeFs(directory),
    startParams: [
      ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
      ...['-c', 'fsync=on', '-c', 'wal_sync_method=fsync', '-c', 'shared_buffers=16MB'],
    ],
  });
}

/**
 * PGlite's Node file system with a working fsync. The original has none, so that a commit would be acknowledged
 * while it exists in the page cache only.
 */
class DurableNodeFs extends NodeFS {
  override async init(pglite: PGlite, options: ModuleOptions): Promise<{ emscriptenOpts: ModuleOptions }> {
    const { emscriptenOpts } = await super.init(pglite, options);
    const preRun = [emscriptenOpts.preRun ?? []].flat();
    return {
      emscriptenOpts: {
        ...emscriptenOpts,
        preRun: [
          ...preRun,
          ({ NODEFS }: { NODEFS: { stream_ops: { fsync?: typeof fsync } } }) => {
            NODEFS.stream_ops.fsync = fsync;
          },
        ],
      },
    };
  }
}

/** Emscripten's callback: 0 is success. A stream without a file descriptor (a directory) has nothing to flush. */
function fsync({ nfd }: NodeStream): number {
  if (nfd !== undefined) fs.fdatasyncSync(nfd);
  return 0;
}
