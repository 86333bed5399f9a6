import { fdatasyncSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type ModuleOptions = Parameters<NodeFS['init']>[1];

interface NodeStream {
  readonly nfd?: number;
}

/**
 * PGlite's Node file system with a working fsync. The original has none, so that a commit would be acknowledged
 * while it exists in the page cache only.
 */
export class DurableNodeFs extends NodeFS {
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
  if (nfd !== undefined) fdatasyncSync(nfd);
  return 0;
}
