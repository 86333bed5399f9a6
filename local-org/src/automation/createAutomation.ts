import type { Clock } from '../clock.ts';
import { stampRow } from '../dml/stampRow.ts';
import type { Change, RecordTrigger } from '../dml/recordTrigger.ts';
import { normalizeId } from '../ids.ts';
import { findField, getField, idOf, type Row, type Value } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Table } from '../store/table.ts';
import { toWholeSeconds } from '../store/timestamps.ts';
import { createAutomationFailures } from './automationFailures.ts';
import { rollUp } from './rollUp.ts';
import { DEFAULT_AUTOMATION, type AutomationSettings } from './automationSettings.ts';
import {
  COPIED_FIELDS,
  FEATURE_FIELDS,
  KEY_FIELD,
  LOOKUP_FIELD,
  PRODUCTION_OBJECT,
  SOURCE_ID_FIELD,
  STAGING_OBJECT,
  STATUS_FIELD,
} from './propertyFields.ts';

/**
 * Stands in for the org's record-triggered Flow (docs/domain.md §4.3, §18.7): links each new staging row, after a
 * delay, to its production record, and keeps that record's features rolled up.
 */
export interface Automation extends RecordTrigger {
  readonly settings: AutomationSettings;
  configure(settings: AutomationSettings): void;
  /** Rows waiting for their link, and rows whose source id names no production record. */
  readonly counts: { readonly pending: number; readonly unresolved: number };
  /** Links the rows that are due; with `all` also those that are not. Answers how many were linked. */
  run(options?: { all: boolean }): number;
  /** Forgets waiting rows and goes back to the initial settings. */
  reset(): void;
  stop(): void;
}

interface Tables {
  readonly staging: Table;
  readonly production: Table;
}

const FEATURES = FEATURE_FIELDS.flatMap(({ flag, date }) => [flag, date]);
const STAGING_FIELDS = [
  KEY_FIELD,
  LOOKUP_FIELD,
  SOURCE_ID_FIELD,
  STATUS_FIELD,
  ...COPIED_FIELDS,
  ...FEATURES,
];
const PRODUCTION_FIELDS = [...COPIED_FIELDS, ...FEATURES];

const ROLLED_UP = [LOOKUP_FIELD, STATUS_FIELD, ...FEATURES];

export function createAutomation(
  { store, clock, userId }: { store: Store; clock: Clock; userId: string },
  initial = DEFAULT_AUTOMATION,
): Automation {
  const failures = createAutomationFailures();
  /** Staging id → time at which the link is due, in order of creation. */
  const pending = new Map<string, number>();
  const unresolved = new Set<string>();
  let settings = initial;
  let timer: NodeJS.Timeout | undefined;

  /** Both objects with every field that the Flow names; an org in which one is missing has no such Flow. */
  function findTables(): Tables | undefined {
    const [staging, production] = [store.findTable(STAGING_OBJECT), store.findTable(PRODUCTION_OBJECT)];
    if (!staging || !production) return undefined;
    const isWhole =
      STAGING_FIELDS.every((name) => findField(staging.object, name)) &&
      PRODUCTION_FIELDS.every((name) => findField(production.object, name));
    return isWhole ? { staging, production } : undefined;
  }

  /** Sleeps until the first link is due. */
  function schedule(): void {
    clearTimeout(timer);
    let first = Infinity;
    for (const dueAtMs of pending.values()) first = Math.min(first, dueAtMs);
    if (first === Infinity) return;
    timer = setTimeout(() => run(), Math.max(0, first - clock.nowMs()));
    timer.unref();
  }

  function run({ all } = { all: false }): number {
    const now = clock.nowMs();
    const due = [...pending].filter(([, dueAtMs]) => all || dueAtMs <= now).map(([id]) => id);
    for (const id of due) pending.delete(id);
    const tables = findTables();
    const productionIds = tables
      ? due.map((id) => link(id, tables)).filter((each) => each !== undefined)
      : [];
    rollUpLinked(productionIds);
    schedule();
    return productionIds.length;
  }

  /** Links one staging row and answers the id of its production record, if it has one. */
  function link(id: string, tables: Tables): string | undefined {
    const { staging } = tables;
    const row = staging.get(id);
    if (!row || staging.isDeleted(row)) return undefined;
    const lookup = getField(staging.object, LOOKUP_FIELD);
    if (row[lookup.index] !== null) return undefined;
    const productionId = findProductionId(row, tables) ?? createProduction(row, tables);
    if (productionId === undefined) {
      unresolved.add(id);
      return undefined;
    }
    const after = [...row];
    after[lookup.index] = productionId;
    stampRow(staging, after, toWholeSeconds(clock.nowMs()), userId);
    staging.put(after);
    return productionId;
  }

  function findProductionId(row: Row, { staging, production }: Tables): string | undefined {
    const source = row[getField(staging.object, SOURCE_ID_FIELD).index];
    const id = typeof source === 'string' ? normalizeId(source) : undefined;
    const record = id === undefined ? undefined : production.get(id);
    return record && !production.isDeleted(record) ? id : undefined;
  }

  /** Only a blank source id asks for a new production record; one that names nothing stays unlinked. */
  function createProduction(row: Row, { staging, production }: Tables): string | undefined {
    if (row[getField(staging.object, SOURCE_ID_FIELD).index] !== null) return undefined;
    const record: Value[] = production.object.fields.map((field) => field.defaultValue);
    for (const name of COPIED_FIELDS) {
      record[getField(production.object, name).index] = row[getField(staging.object, name).index] ?? null;
    }
    const now = toWholeSeconds(clock.nowMs());
    record[0] = production.newId();
    record[getField(production.object, 'OwnerId').index] = userId;
    record[getField(production.object, 'CreatedDate').index] = now;
    record[getField(production.object, 'CreatedById').index] = userId;
    stampRow(production, record, now, userId);
    production.put(record);
    return idOf(record);
  }

  function rollUpLinked(productionIds: Iterable<string>): void {
    const tables = findTables();
    if (!tables) return;
    const stamp = { nowMs: toWholeSeconds(clock.nowMs()), userId };
    for (const id of new Set(productionIds)) rollUp(tables, id, stamp);
  }

  /** The production records, old and new, of a staging row whose rolled-up fields changed. */
  function productionIdsOf({ table, before, after }: Change): string[] {
    const indexes = ROLLED_UP.map((name) => getField(table.object, name).index);
    const isDeleted = table.isDeleted(after);
    if (before && !isDeleted && indexes.every((index) => before[index] === after[index])) return [];
    const lookup = getField(table.object, LOOKUP_FIELD).index;
    return [before?.[lookup], after[lookup]].filter((id) => typeof id === 'string');
  }

  return {
    get settings() {
      return settings;
    },
    get counts() {
      return { pending: pending.size, unresolved: unresolved.size };
    },
    configure: (next) => {
      settings = next;
    },
    run,
    refuse: (changes) =>
      settings.isEnabled && findTables() ? failures.refuse(changes, settings) : new Map(),
    afterSave: (changes) => {
      const staging = findTables()?.staging;
      if (!settings.isEnabled || !staging) return;
      const ours = changes.filter((change) => change.table === staging);
      const dueAtMs = clock.nowMs() + settings.linkDelayMs;
      for (const { table, before, after } of ours) {
        if (!before && after[getField(table.object, LOOKUP_FIELD).index] === null)
          pending.set(idOf(after), dueAtMs);
      }
      rollUpLinked(ours.flatMap(productionIdsOf));
      schedule();
    },
    reset: () => {
      clearTimeout(timer);
      pending.clear();
      unresolved.clear();
      failures.reset();
      settings = initial;
    },
    stop: () => clearTimeout(timer),
  };
}
