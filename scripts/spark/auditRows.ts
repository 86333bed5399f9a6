import fc from 'fast-check';
import { syncRun, syncRunItem } from '../../middleware/src/planning/warehouseTables.ts';
import type { Row, TableDefinition } from '../../middleware/src/ports/warehouse.ts';
import { runItemStates } from '../../middleware/src/contracts/index.ts';

const runs: readonly Row[] = [
  { run_id: 'real', sync_name: 'Sync A', actor: 'alex', is_dry_run: false },
  { run_id: 'dry', sync_name: 'Sync A', actor: 'alex', is_dry_run: true },
  { run_id: 'unsaid', sync_name: 'Sync B', actor: null, is_dry_run: null },
];

// Around the last 24 hours of the business time, to the millisecond.
const times = [
  '2026-01-04T11:59:59.999Z',
  '2026-01-04T12:00:00.000Z',
  '2026-01-04T12:00:00.001Z',
  '2026-01-05T05:00:00-07:00',
  '2026-01-05T12:00:00.000Z',
  '2026-01-05T12:00:00.001Z',
] as const;

const texts = [
  'Maple Court',
  'Maple "Court"',
  'back\\slash',
  'Émile 🏠',
  'tab\tline\n',
  '',
  ' ',
  'true',
  null,
];
const flag = fc.constantFrom(true, false, null);
const image = fc.record(
  {
    Name: fc.constantFrom(...texts),
    Company_ID__c: fc.constantFrom(...texts),
    Active_Property_Count__c: fc.constantFrom(0, 1, 67, null),
    ID_Verification_Enabled__c: flag,
    Bank_Linking_Enabled__c: flag,
    Connected_Payroll_Enabled__c: flag,
    Income_Verification_Enabled__c: flag,
    Fraud_Detection_Enabled__c: flag,
  },
  { requiredKeys: [] },
);

const time = fc.option(fc.constantFrom(...times), { freq: 3, nil: null });
const item = fc.record({
  run_id: fc.constantFrom('real', 'real', 'dry', 'unsaid', 'no such run'),
  operation: fc.constantFrom('CREATE', 'UPDATE'),
  state: fc.constantFrom(...runItemStates),
  error_text: fc.constantFrom(...texts),
  after_image: fc.option(
    image.map((fields) => JSON.stringify(fields)),
    { nil: null },
  ),
  planned_at: time,
  sent_at: time,
  accepted_at: time,
  ended_at: time,
});

/** What two hundred records of three runs left behind, as the audit writes it; the same rows for the same seed. */
export function auditRows(seed: number): readonly (readonly [TableDefinition, readonly Row[]])[] {
  const items = fc.sample(item, { seed, numRuns: 200 });
  return [
    [syncRun, runs],
    [syncRunItem, items.map((row, index) => ({ ...row, item_id: `item ${index}` }))],
  ];
}
