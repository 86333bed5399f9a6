import { describe, expect, it } from '@jest/globals';
import type { Diagnosis } from '../../../middleware/src/contracts/index.ts';
import { evaluateProperties } from '../../../middleware/src/planning/evaluateProperties.ts';
import { defaultEvaluationSettings } from '../../../middleware/src/planning/evaluationSettings.ts';
import type { SourceFeatureRow, SourceProperty } from '../../../middleware/src/planning/sourceRows.ts';
import { toStagingRow } from '../../../middleware/src/planning/toStagingRow.ts';
import type { StagingRecord } from '../../../middleware/src/ports/crm.ts';
import type { StoredSchedule } from '../../../middleware/src/ports/scheduleStore.ts';
import {
  diagnoseProperty,
  type DiagnosisFacts,
} from '../../../middleware/src/properties/diagnoseProperty.ts';
import { aStagingRecord } from '../../fixtures/ledger.ts';
import {
  aCompany,
  aFeatureRow,
  aProductionId,
  aProperty,
  aPropertyUuid,
  aStagingId,
  aStagingRow,
  at,
} from '../../fixtures/properties.ts';

const now = at('2026-01-05T12:00:00.000Z');
const plannedAt = '2026-01-05T11:55:00.000Z';
const minutesAgo = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();

const schedule = (sync: 'A' | 'B', values: Partial<StoredSchedule> = {}): StoredSchedule => ({
  sync,
  intervalMs: 15 * 60_000,
  nextAt: null,
  pause: null,
  lastTick: { at: minutesAgo(5), outcome: 'ran', planId: null, runId: null, detail: null },
  ...values,
});

/** The row of property 1 as it is when Salesforce agrees. */
const aRecord = (values: Partial<StagingRecord> = {}): StagingRecord => {
  const row = aStagingRow();
  return aStagingRecord({
    id: row.id,
    key: row.key,
    values: row.values as StagingRecord['values'],
    ...values,
  });
};

interface World extends Partial<DiagnosisFacts> {
  readonly property?: Partial<SourceProperty>;
  readonly featureRow?: SourceFeatureRow;
}

/** Diagnoses property 1: in sync, with one row, one feature row and healthy schedules unless said otherwise. */
function diagnose({ property = {}, featureRow = aFeatureRow(), ...values }: World = {}): Map<
  string,
  Diagnosis
> {
  const ownRows = values.ownRows ?? [aRecord()];
  const evaluations = evaluateProperties(
    {
      properties: [aProperty(property)],
      companies: [aCompany()],
      featureRows: [featureRow],
      stagingRows: ownRows.map(toStagingRow),
    },
    defaultEvaluationSettings,
  );
  const [evaluation] = evaluations.values();
  if (evaluation === undefined) throw new Error('The property is gone.');
  const answers = diagnoseProperty({
    evaluation,
    siblingRows: [],
    featureRowCount: 1,
    enabledEvents: new Set(),
    planned: { classification: evaluation.class },
    plannedAt,
    schedules: [schedule('A'), schedule('B')],
    now,
    ...values,
    ownRows,
  });
  return new Map(answers.map((answer) => [answer.hypothesis, answer]));
}
const holding = (answers: Map<string, Diagnosis>): string[] =>
  [...answers.values()].filter(({ doesHold }) => doesHold).map(({ hypothesis }) => hypothesis);

it('finds nothing on a property that is in sync', () => {
  const answers = diagnose();
  expect(holding(answers)).toEqual([]);
  for (const { action, finding } of answers.values()) {
    expect(action).toBeNull();
    expect(finding).toMatch(/\.$/);
  }
});

describe('duplicate staging rows', () => {
  it('are named with their number, and are why no queue takes the property', () => {
    const answers = diagnose({ ownRows: [aRecord({ id: aStagingId(2) }), aRecord()] });
    expect(holding(answers)).toEqual(['duplicateStagingRows', 'absentFromQueue']);
    expect(answers.get('duplicateStagingRows')?.finding).toBe(
      `2 live staging rows carry the key ${aPropertyUuid(1)}: ${aStagingId(1)}, ${aStagingId(2)}.`,
    );
    expect(answers.get('absentFromQueue')?.finding).toContain('CONFLICT');
  });
});

describe('an id mismatch', () => {
  it('is a Salesforce id that names no production record', () => {
    const answers = diagnose({ property: { sfdcId: aStagingId(7) } });
    expect(holding(answers)).toEqual(['idMismatch']);
    expect(answers.get('idMismatch')?.finding).toContain(aStagingId(7));
  });

  it('is a lookup to another production record', () => {
    const answers = diagnose({
      property: { sfdcId: aProductionId(1) },
      ownRows: [
        aRecord({
          lookupId: aProductionId(2),
          values: { ...aRecord().values, Source_Salesforce_ID__c: aProductionId(1) },
        }),
      ],
    });
    expect(holding(answers)).toEqual(['idMismatch']);
    for (const id of [aProductionId(1), aProductionId(2), aStagingId(1)])
      expect(answers.get('idMismatch')?.finding).toContain(id);
  });

  it('is a property without a row in a group whose rows belong to others', () => {
    const siblingRows = [aRecord({ id: aStagingId(5), key: aPropertyUuid(5), lookupId: null })];
    const world = { property: { sfdcId: aProductionId(1) }, ownRows: [], siblingRows };
    expect(holding(diagnose(world))).toEqual(['idMismatch']);
    expect(diagnose(world).get('idMismatch')?.finding).toContain(
      `${aStagingId(5)} (key ${aPropertyUuid(5)}, lookup empty)`,
    );
  });

  it('is no row beside those of others, no lookup that is still empty, and no placeholder', () => {
    const siblingRows = [aRecord({ id: aStagingId(5), key: aPropertyUuid(5) })];
    expect(diagnose({ siblingRows }).get('idMismatch')?.doesHold).toBe(false);
    expect(diagnose({ property: { sfdcId: aProductionId(1) } }).get('idMismatch')?.doesHold).toBe(false);
    expect(diagnose({ property: { sfdcId: 'X'.repeat(15) } }).get('idMismatch')?.doesHold).toBe(false);
    expect(
      diagnose({ property: { sfdcId: aProductionId(1), status: 'DISABLED' }, ownRows: [], siblingRows }).get(
        'idMismatch',
      )?.doesHold,
    ).toBe(false);
  });
});

describe('the feature table', () => {
  it('lacks the property', () => {
    const answers = diagnose({ featureRowCount: 0 });
    expect(holding(answers)).toEqual(['absentFromFeatureTable']);
    expect(answers.get('absentFromFeatureTable')?.finding).toContain(aPropertyUuid(1));
  });
});

describe('the queue', () => {
  it.each([
    ['SOURCE_DELETED', { isDeleted: true }],
    ['PLACEHOLDER_SFDC', { sfdcId: 'X'.repeat(15) }],
    ['TEST_NAME', { name: 'Demo Court' }],
    ['NO_COMPANY', { companyId: null }],
    ['DISABLED', { status: 'CLOSED' }],
  ])('takes no property that is excluded by %s', (reason, property) => {
    const answer = diagnose({ property }).get('absentFromQueue');
    expect(answer).toMatchObject({ doesHold: true, action: expect.any(String) as unknown });
    expect(answer?.finding).toMatch(new RegExp(`^EXCLUDED, ${reason}: `));
  });

  it('holds what the last plan saw as it is now', () => {
    const create = diagnose({ ownRows: [] });
    expect(holding(create)).toEqual([]);
    expect(create.get('absentFromQueue')?.finding).toMatch(/^CREATE: .*Sync A.* P3\.$/);
    const update = diagnose({ property: { name: 'Elm Court', city: 'Elsewhere' } });
    expect(holding(update)).toEqual([]);
    expect(update.get('absentFromQueue')?.finding).toMatch(/^UPDATE: .*Sync B.* Name, City__c\.$/);
  });

  it.each([
    ['in sync', { classification: 'IN_SYNC' }, 'IN_SYNC'],
    ['not at all', undefined, 'not there'],
  ] as const)('does not hold yet what the last plan saw %s', (_title, planned, words) => {
    const answers = diagnose({ property: { name: 'Elm Court' }, planned });
    expect(holding(answers)).toEqual(['absentFromQueue']);
    expect(answers.get('absentFromQueue')?.finding).toContain(`${words} at the last plan of ${plannedAt}`);
  });
});

describe('feature events', () => {
  const enabled = at('2025-05-01T00:00:00.000Z');
  const featureRow = aFeatureRow({ enabled: { idv: enabled, payroll: enabled, document_fraud: enabled } });

  it('are missing for a feature that is on', () => {
    const answers = diagnose({ featureRow, enabledEvents: new Set(['identity_verification']) });
    expect(answers.get('featureEventsMissing')).toMatchObject({ doesHold: true });
    expect(answers.get('featureEventsMissing')?.finding).toContain('payroll');
    expect(answers.get('featureEventsMissing')?.finding).not.toContain('fraud');
  });

  it('are not missed for ID verification, which hardly has any, nor for fraud, which has no code', () => {
    const answer = diagnose({ featureRow, enabledEvents: new Set(['payroll_linking']) }).get(
      'featureEventsMissing',
    );
    expect(answer?.doesHold).toBe(false);
    expect(answer?.finding).toContain('ID verification');
  });

  it('cannot be told where their table cannot be read', () => {
    const answer = diagnose({ featureRow, enabledEvents: null }).get('featureEventsMissing');
    expect(answer).toMatchObject({
      doesHold: false,
      finding: expect.stringContaining('cannot be read') as unknown,
    });
  });
});

describe('a sync does not run', () => {
  const tick = (minutes: number, outcome: 'ran' | 'blocked' | 'failed' | 'skippedRunning' = 'ran') => ({
    lastTick: { at: minutesAgo(minutes), outcome, planId: null, runId: null, detail: 'a guard tripped' },
  });
  it.each([
    ['paused', { pause: { at: plannedAt, by: 'operator', reason: 'month end' } }, 'month end'],
    ['not scheduled', { intervalMs: null }, 'not scheduled'],
    ['not started yet', { lastTick: null }, 'not started yet'],
    ['late, by twice its interval', tick(31), 'too long ago'],
    ['late, a daily one by an hour', { intervalMs: 86_400_000, ...tick(25 * 60 + 1) }, 'too long ago'],
    ['blocked', tick(5, 'blocked'), 'a guard tripped'],
    ['failed', tick(5, 'failed'), 'failed'],
  ] as const)('when it is %s', (_title, values, words) => {
    const answers = diagnose({ schedules: [schedule('A'), schedule('B', values)] });
    expect(holding(answers)).toEqual(['syncNotRunning']);
    expect(answers.get('syncNotRunning')?.finding).toContain('Sync B');
    expect(answers.get('syncNotRunning')?.finding).toContain(words);
  });

  it.each([
    ['due twice its interval ago', tick(30)],
    ['left out for a run that goes on', tick(5, 'skippedRunning')],
    ['daily and an hour late', { intervalMs: 86_400_000, ...tick(25 * 60) }],
  ] as const)('not when it is %s', (_title, values) => {
    expect(holding(diagnose({ schedules: [schedule('A', values), schedule('B')] }))).toEqual([]);
  });

  it('counts only the sync that the property waits for', () => {
    const schedules = [schedule('A', { intervalMs: null }), schedule('B')];
    expect(holding(diagnose({ ownRows: [], schedules }))).toEqual(['syncNotRunning']);
    expect(holding(diagnose({ property: { name: 'Elm Court' }, schedules }))).toEqual([]);
  });
});
