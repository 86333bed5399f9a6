import type { Automation } from './automation/createAutomation.ts';
import type { AppPolicy } from './auth/createAppPolicy.ts';
import type { Sessions } from './auth/createSessions.ts';
import type { BulkJobs } from './bulk/createBulkJobs.ts';
import type { Clock } from './clock.ts';
import type { Secrets } from './connect/createSecrets.ts';
import type { EventBus } from './events/createEventBus.ts';
import type { FaultRules } from './faults/createFaultRules.ts';
import type { Usage } from './http/createUsage.ts';
import type { Metadata } from './metadata/metadata.ts';
import type { QueryCursors } from './rest/createQueryCursors.ts';
import type { WriteHistory } from './dml/writeHistory.ts';
import type { Store } from './store/store.ts';

/** The parts of one running org. */
export interface Org {
  readonly store: Store;
  readonly clock: Clock;
  readonly sessions: Sessions;
  /** The app that programs log in through. */
  readonly app: AppPolicy;
  readonly usage: Usage;
  readonly faults: FaultRules;
  readonly automation: Automation;
  /** What saves fire: the automation, and before it the history of what was written. */
  readonly trigger: WriteHistory;
  readonly bulkJobs: BulkJobs;
  /** What the org is made of, and the deploys that change it. */
  readonly metadata: Metadata;
  /** What external credentials authenticate with. */
  readonly secrets: Secrets;
  readonly events: EventBus;
  readonly queryCursors: QueryCursors;
}
