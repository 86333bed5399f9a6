import type { Clock } from '../clock.ts';
import { getField, idOf } from '../store/schema.ts';
import type { Change, RecordTrigger } from './recordTrigger.ts';

/** One record as one transaction saved it, whoever asked and by whichever interface. */
export interface WrittenRecord {
  readonly object: string;
  readonly id: string;
  readonly operation: 'insert' | 'update' | 'delete';
  /** ISO 8601, by the org's clock. */
  readonly at: string;
  /** Id of the user who wrote. */
  readonly user: string;
}

/** Every record that was saved; the org's automation, which writes without being asked, is not in it. */
export interface WriteHistory extends RecordTrigger {
  /** The newest writes, oldest first. */
  readonly writes: readonly WrittenRecord[];
  reset(): void;
}

/** Writes that are kept for those who ask; up to twice as many are held. */
const MAX_KEPT = 20_000;

/** Notes what is saved, and lets the trigger do its work. */
export function createWriteHistory(trigger: RecordTrigger, clock: Clock): WriteHistory {
  const writes: WrittenRecord[] = [];
  return {
    get writes() {
      return writes.slice(-MAX_KEPT);
    },
    reset: () => void writes.splice(0),
    refuse: (changes) => trigger.refuse(changes),
    afterSave: (changes) => {
      const at = new Date(clock.nowMs()).toISOString();
      // Setup records do not say who wrote them.
      const ours = changes.filter(({ table }) => table.object.isCustom);
      for (const change of ours) writes.push(toWrite(change, at));
      if (writes.length > 2 * MAX_KEPT) writes.splice(0, writes.length - MAX_KEPT);
      trigger.afterSave(changes);
    },
  };
}

function toWrite({ table, before, after }: Change, at: string): WrittenRecord {
  const operation = before === undefined ? 'insert' : table.isDeleted(after) ? 'delete' : 'update';
  const user = after[getField(table.object, 'LastModifiedById').index];
  return { object: table.object.name, id: idOf(after), operation, at, user: String(user) };
}
