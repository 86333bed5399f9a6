import type { TableDefinition } from '../../../middleware/src/ports/warehouse.ts';

export type CrashPort = 'runStore' | 'resyncStore' | 'crm' | 'warehouse';

/** A point in the work at which the process dies. */
export interface CrashStage {
  readonly port: CrashPort;
  readonly method: string;
  readonly when: 'before' | 'after';
  /** Which calls are meant; all of them if it is left out. */
  readonly isMeant?: (...args: never[]) => boolean;
}

const saysState =
  (...states: string[]) =>
  (_id: string, patch: { state?: string }) =>
    states.includes(patch.state ?? '');
const hasVerdicts = (_runId: string, updates: readonly { state?: string }[]) =>
  updates.some(({ state }) => state === 'verified' || state === 'failed');
const isTable = (name: string) => (table: TableDefinition) => table.name === name;
const isEnd = saysState('succeeded', 'partiallySucceeded', 'failed');

/** Every crash line of a plan, a run and a resync, by name. */
export const crashStages = {
  planStored: { port: 'runStore', method: 'createPlan', when: 'after' },
  planItemsStored: { port: 'runStore', method: 'appendPlanItems', when: 'after' },
  planReady: { port: 'runStore', method: 'updatePlan', when: 'after', isMeant: saysState('ready') },

  runStored: { port: 'runStore', method: 'createRun', when: 'after' },
  intentDue: { port: 'runStore', method: 'saveIntent', when: 'before' },
  intentStored: { port: 'runStore', method: 'saveIntent', when: 'after' },
  written: { port: 'crm', method: 'writeRecords', when: 'after' },
  outcomesDue: { port: 'runStore', method: 'saveOutcomes', when: 'before' },
  outcomesStored: { port: 'runStore', method: 'saveOutcomes', when: 'after' },

  jobOpened: { port: 'crm', method: 'openJob', when: 'after' },
  jobStored: { port: 'runStore', method: 'saveJob', when: 'after' },
  jobUploaded: { port: 'crm', method: 'uploadJob', when: 'after' },
  jobRead: { port: 'crm', method: 'readJob', when: 'after' },

  verdictsDue: { port: 'runStore', method: 'updateItems', when: 'before', isMeant: hasVerdicts },
  verdictsStored: { port: 'runStore', method: 'updateItems', when: 'after', isMeant: hasVerdicts },
  endDue: { port: 'runStore', method: 'endRun', when: 'before' },
  endStored: { port: 'runStore', method: 'endRun', when: 'after' },
  auditItemsCarried: {
    port: 'warehouse',
    method: 'appendRows',
    when: 'after',
    isMeant: isTable('sync_run_item'),
  },
  auditDue: { port: 'runStore', method: 'completeAudit', when: 'before' },
  auditStored: { port: 'runStore', method: 'completeAudit', when: 'after' },

  resyncStored: { port: 'resyncStore', method: 'createResync', when: 'after' },
  resyncPlanDue: { port: 'resyncStore', method: 'savePlan', when: 'before' },
  resyncPlanStored: { port: 'resyncStore', method: 'savePlan', when: 'after' },
  resyncEndDue: { port: 'resyncStore', method: 'updateResync', when: 'before', isMeant: isEnd },
  resyncEndStored: { port: 'resyncStore', method: 'updateResync', when: 'after', isMeant: isEnd },
} as const satisfies Record<string, CrashStage>;

export type CrashStageName = keyof typeof crashStages;
