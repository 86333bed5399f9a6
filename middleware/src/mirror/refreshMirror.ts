import type { FieldMapping } from '../contracts/index.ts';
import { keyMapping } from '../contracts/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Crm, StagingRecord } from '../ports/crm.ts';
import type { Row, Warehouse } from '../ports/warehouse.ts';
import { mirrorState, productPropertyMirror } from './mirrorTables.ts';

export interface MirrorDeps {
  readonly warehouse: Warehouse;
  readonly crm: Crm;
  readonly clock: Clock;
  readonly fieldMap: readonly FieldMapping[];
}

export interface MirrorSettings {
  /** How far before the watermark a refresh reads again, since Salesforce commits may show late. */
  readonly overlapMs: number;
  /** After this time the whole set of rows is read anew, so that rows purged from the recycle bin disappear. */
  readonly reconcileIntervalMs: number;
}

/** docs/domain.md §9. */
export const defaultMirrorSettings: MirrorSettings = {
  overlapMs: 5 * 60_000,
  reconcileIntervalMs: 24 * 3_600_000,
};

export interface MirrorRefresh {
  readonly isFull: boolean;
  readonly rowsRead: number;
  /** The newest `SystemModstamp` the mirror has seen, as an ISO instant; null for an empty org. */
  readonly watermark: string | null;
  /** When reading began, ISO 8601: what was written later is not in it. */
  readonly refreshedAt: string;
}

/**
 * Brings the mirror up to date with Salesforce: everything the first time and once a day, otherwise what has changed
 * since the watermark, deleted rows included. The watermark is Salesforce's own clock and nothing else.
 */
export async function refreshMirror(
  deps: MirrorDeps,
  settings: MirrorSettings = defaultMirrorSettings,
): Promise<MirrorRefresh> {
  const { warehouse, crm, clock, fieldMap } = deps;
  const now = clock.now();
  const state = await readMirrorState(warehouse);
  const isFull =
    state === null ||
    state.watermark === null ||
    now.getTime() - state.reconciledAt.getTime() >= settings.reconcileIntervalMs;
  const changedSince =
    isFull || state.watermark === null
      ? null
      : new Date(state.watermark.getTime() - settings.overlapMs).toISOString();

  let watermark: string | null = state?.watermark?.toISOString() ?? null;
  async function* rows(): AsyncIterable<Row[]> {
    for await (const records of crm.streamRecords({ changedSince })) {
      for (const { systemModstamp } of records) {
        const seen = new Date(systemModstamp).toISOString();
        if (watermark === null || seen > watermark) watermark = seen;
      }
      yield records.map((record) => toMirrorRow(record, fieldMap));
    }
  }
  const rowsRead = await warehouse.mergeRows(productPropertyMirror, rows(), { replaceAll: isFull });
  await warehouse.mergeRows(
    mirrorState,
    single({
      object: productPropertyMirror.name,
      watermark,
      refreshed_at: now,
      reconciled_at: isFull ? now : state.reconciledAt,
      row_count: rowsRead,
    }),
    { replaceAll: true },
  );
  return { isFull, rowsRead, watermark, refreshedAt: now.toISOString() };
}

async function readMirrorState(
  warehouse: Warehouse,
): Promise<{ watermark: Date | null; reconciledAt: Date } | null> {
  const [row] = await warehouse.query(
    `select watermark, reconciled_at from ${warehouse.name(mirrorState.name)}`,
  );
  if (!(row?.['reconciled_at'] instanceof Date)) return null;
  const watermark = row['watermark'];
  return { watermark: watermark instanceof Date ? watermark : null, reconciledAt: row['reconciled_at'] };
}

function toMirrorRow(record: StagingRecord, fieldMap: readonly FieldMapping[]): Row {
  return {
    staging_id: record.id,
    [keyMapping.column]: record.key,
    ...Object.fromEntries(fieldMap.map(({ column, field }) => [column, record.values[field] ?? null])),
    production_id: record.lookupId,
    last_synced_at: instant(record.lastSyncedAt),
    sync_run_id: record.syncRunId,
    is_deleted: record.isDeleted,
    created_at: instant(record.createdAt),
    last_modified_at: instant(record.lastModifiedAt),
    last_modified_by: record.lastModifiedById,
    system_modstamp: instant(record.systemModstamp),
  };
}

/** Salesforce writes `+0000`, which is no ISO zone for every reader. */
function instant(text: string | null): string | null {
  return text === null ? null : new Date(text).toISOString();
}

async function* single(row: Row): AsyncIterable<Row[]> {
  yield await Promise.resolve([row]);
}
