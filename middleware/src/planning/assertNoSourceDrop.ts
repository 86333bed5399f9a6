import type { PlanSummary } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import type { SourceFreshness } from './checkSourceFreshness.ts';

/**
 * Refuses a source that holds fewer rows, or fewer live ones, than when the last plan was built: an ingest that breaks
 * may hide rows or soft-delete them (docs/domain.md §3.4). Shares are fractions of 1; a fall of exactly `maxShare`
 * passes, and so does whatever comes before the first plan. Throws SOURCE_DROPPED.
 */
export function assertNoSourceDrop(
  { rowCount, liveRowCount }: Pick<SourceFreshness, 'rowCount' | 'liveRowCount'>,
  last: Pick<PlanSummary, 'tableRows' | 'properties'> | null,
  maxShare: number,
): void {
  if (last === null) return;
  const falls = [
    { what: 'rows', from: last.tableRows, to: rowCount },
    { what: 'live rows', from: last.properties, to: liveRowCount },
  ].filter(({ from, to }) => from > 0 && (from - to) / from > maxShare);
  if (falls.length === 0) return;
  const details = falls.map(({ what, from, to }) => `${what}: ${String(from)}, now ${String(to)}`);
  throw new SyncError(
    'SOURCE_DROPPED',
    `Since the last plan was built the source has lost more than ${String(maxShare * 100)} % of its properties (${details.join('; ')}).`,
    { details },
  );
}
