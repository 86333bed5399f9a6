import type { SfCommand } from '@salesforce/sf-plugins-core';
import type { Run } from '../../middleware/src/contracts/index.ts';
import { createProgress, formatShare } from './createProgress.ts';
import { formatRunState, formatSync } from './formatRuns.ts';

/** Shows how far a run is, record by record; `end` when nobody watches any more. */
export function watchRun(
  command: Pick<SfCommand<unknown>, 'spinner' | 'logToStderr'>,
  { sync }: Pick<Run, 'sync'>,
): { onProgress: (run: Run) => void; onSilence: () => void; end: (run: Run) => void } {
  const progress = createProgress(command, formatSync(sync));
  return {
    onProgress({ stage, state, counts }) {
      const done = stage === 'reading back' ? counts.verified : counts.written;
      progress.update(
        stage ?? formatRunState(state),
        counts.planned === 0 ? '' : formatShare(done, counts.planned),
      );
    },
    onSilence: () => progress.update('the middleware does not answer; trying again'),
    end: ({ state }) => progress.end(formatRunState(state)),
  };
}
