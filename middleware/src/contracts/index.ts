/**
 * Everything that crosses a process line. One word per idea:
 *
 * | word | meaning | not called |
 * | --- | --- | --- |
 * | property | one RDS property; its UUID is the identity, in Salesforce the external id `RDS_Property_ID__c` | listing, account |
 * | group | the properties that share a Salesforce production id; a property without a valid one is a group of one | cluster, bundle |
 * | contributor | an eligible member of a group; its values count in the aggregate | child, sibling |
 * | staging row | a `Product_Property__c` record, written by the sync; `Property__c` is rolled up from such rows | product |
 * | view | a SQL view in the warehouse with a stated grain | table, query |
 * | mirror | the warehouse table with the Salesforce rows as the middleware last read them | cache, copy |
 * | row / record | what the warehouse returns / what Salesforce stores | item, entity, user |
 * | field map | view column → Salesforce field, with a normaliser | mapping config |
 * | sync | Sync A (creates) or Sync B (updates): an input view, an operation, a schedule | run, job |
 * | classification | `CREATE`, `UPDATE`, `IN_SYNC`, `CONFLICT` or `EXCLUDED`: exactly one per property | status |
 * | reason code, warning | why a property is excluded / a note that never changes the class | message |
 * | plan | the classified, diffed, hashed list of what a run would write | preview, dry run |
 * | cohort, pilot | a frozen, hashed list of property ids / a run over a small sampled cohort | limit, test batch |
 * | run | one execution of one sync of a plan, or of a resync or rollback; has a state machine | job, sync, deployment |
 * | run item | one record within a run: before-image, after-image, outcome | result, log line |
 * | before-image, after-image | every mapped field of a record before and after the write | backup, snapshot |
 * | outcome | what Salesforce did with one record | response |
 * | verify, drift | read back and compare field by field / a difference found then or later | check, mismatch |
 * | gate, approval | a rule that must hold before the next stage / a person's signature on one | check, sign |
 * | guard, brake | a limit checked on the plan before any write / a limit that stops a run while it runs | gate, circuit |
 * | job | one Bulk API 2.0 job at Salesforce, and nothing else | run |
 * | resync | plan and run of one property's group | refresh, retry |
 * | deploy | putting metadata into an org; never a data write | run, release |
 * | alert, notification | a condition with severity P0–P3 and a life / one message about it to one channel | alarm, event |
 */
export * from './doctor.ts';
export * from './explanation.ts';
export * from './fieldMap.ts';
export * from './health.ts';
export * from './page.ts';
export * from './plan.ts';
export * from './problem.ts';
export * from './property.ts';
export * from './propertyHistory.ts';
export * from './propertyStatus.ts';
export * from './resync.ts';
export * from './run.ts';
export * from './runItem.ts';
export * from './schedule.ts';
export * from './scope.ts';
export * from './syncEvent.ts';
