import type { Automation } from './automation/createAutomation.ts';
import type { Sessions } from './auth/createSessions.ts';
import type { BulkJobs } from './bulk/createBulkJobs.ts';
import type { Clock } from './clock.ts';
import type { EventBus } from './events/createEventBus.ts';
import type { FaultRules } from './faults/createFaultRules.ts';
import type { Usage } from './http/createUsage.ts';
import type { QueryCursors } from './rest/createQueryCursors.ts';
import type { RecordTrigger } from './dml/recordTrigger.ts';
import type { Store } from './store/store.ts';

/** The parts of one running org. */
export interface Org {
  readonly store: Store;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly usage: Usage;
  readonly faults: FaultRules;
  readonly automation: Automation;
  /** What saves fire: the automation, under the name that saving knows. */
  readonly trigger: RecordTrigger;
  readonly bulkJobs: BulkJobs;
  readonly events: EventBus;
  readonly queryCursors: QueryCursors;
}
