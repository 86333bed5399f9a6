import { features, type Diagnosis, type Feature, type Sync } from '../contracts/index.ts';
import type { ReasonCode } from '../planning/classifyProperty.ts';
import type { Evaluation } from '../planning/evaluateProperties.ts';
import type { StagingRecord } from '../ports/crm.ts';
import type { PlannedMember } from '../ports/groupStore.ts';
import type { StoredSchedule } from '../ports/scheduleStore.ts';

/** What is known of one property when it is diagnosed. */
export interface DiagnosisFacts {
  readonly evaluation: Evaluation;
  /** Its live staging rows, as Salesforce shows them now. */
  readonly ownRows: readonly StagingRecord[];
  /** Those of the other members of its group. */
  readonly siblingRows: readonly StagingRecord[];
  readonly featureRowCount: number;
  /** Codes of the features that RDS has recorded as enabled; null where that table cannot be read. */
  readonly enabledEvents: ReadonlySet<string> | null;
  /** As the last plan saw it; undefined for a property newer than that. */
  readonly planned: Pick<PlannedMember, 'classification'> | undefined;
  /** When that was, ISO 8601. */
  readonly plannedAt: string;
  readonly schedules: readonly StoredSchedule[];
  readonly now: Date;
}

type Answer = Omit<Diagnosis, 'hypothesis'>;

/** Walks the six hypotheses of docs/domain.md §10, in their order, and says of each whether it holds and what was seen. */
export function diagnoseProperty(facts: DiagnosisFacts): Diagnosis[] {
  return [
    { hypothesis: 'duplicateStagingRows', ...duplicateStagingRows(facts) },
    { hypothesis: 'idMismatch', ...idMismatch(facts) },
    { hypothesis: 'absentFromFeatureTable', ...absentFromFeatureTable(facts) },
    { hypothesis: 'absentFromQueue', ...absentFromQueue(facts) },
    { hypothesis: 'featureEventsMissing', ...featureEventsMissing(facts) },
    { hypothesis: 'syncNotRunning', ...syncNotRunning(facts) },
  ];
}

const holds = (finding: string, action: string): Answer => ({ doesHold: true, finding, action });
const holdsNot = (finding: string): Answer => ({ doesHold: false, finding, action: null });
const listed = (ids: readonly string[]): string => ids.join(', ');

const cleanDuplicates =
  'An admin of the org decides which row stays and deletes the others; until then nothing is written.';

function duplicateStagingRows({ evaluation, ownRows }: DiagnosisFacts): Answer {
  const key = evaluation.rdsPropertyId;
  const ids = listed(ownRows.map(({ id }) => id).sort());
  if (ownRows.length === 0) return holdsNot(`No live staging row carries the key ${key}.`);
  if (ownRows.length === 1) return holdsNot(`One live staging row carries the key ${key}: ${ids}.`);
  return holds(`${ownRows.length} live staging rows carry the key ${key}: ${ids}.`, cleanDuplicates);
}

function idMismatch({ evaluation, ownRows, siblingRows }: DiagnosisFacts): Answer {
  const { property, rdsPropertyId, warnings } = evaluation;
  const { sfdcId18, rawSfdcId } = property;
  if (warnings.includes('MALFORMED_SFDC_ID')) {
    return holds(
      `The sfdc_id "${rawSfdcId ?? ''}" of RDS is not the id of a production record: wrong prefix, length or suffix.`,
      'Correct the sfdc_id in RDS; until then the property is a group of its own.',
    );
  }
  const misled = ownRows.filter(
    ({ lookupId }) => lookupId !== null && sfdcId18 !== null && lookupId !== sfdcId18,
  );
  if (misled.length > 0) {
    const links = misled.map(({ id, lookupId }) => `${id} to ${lookupId ?? ''}`);
    return holds(
      `RDS names the production record ${sfdcId18 ?? ''}, but automation has linked ${listed(links)}.`,
      'An admin of the org looks at the lookup, which the sync never writes.',
    );
  }
  if (ownRows.length === 0 && property.isEligible && siblingRows.length > 0) {
    const rows = siblingRows.map(
      ({ id, key, lookupId }) => `${id} (key ${key ?? 'empty'}, lookup ${lookupId ?? 'empty'})`,
    );
    return holds(
      `No row carries the key ${rdsPropertyId}; the rows of its group belong to other properties: ${listed(rows)}. Whoever looks by the Salesforce id ${sfdcId18 ?? ''} or by the lookup finds those, or nothing.`,
      'Nothing by hand: Sync A looks by the key alone and creates the row; those of the others stay as they are.',
    );
  }
  const named = sfdcId18 ?? (property.isPlaceholder ? 'a placeholder' : 'no production record');
  const [row] = ownRows;
  return holdsNot(
    row === undefined
      ? `RDS names ${named}; there is no row to compare.`
      : `The key of ${row.id} is the property's; RDS names ${named} and the lookup is ${row.lookupId ?? 'empty'}.`,
  );
}

function absentFromFeatureTable({ evaluation, featureRowCount }: DiagnosisFacts): Answer {
  const { rdsPropertyId, property } = evaluation;
  if (featureRowCount === 0) {
    return holds(
      `The feature table has no row for ${rdsPropertyId}: all its own features count as off.`,
      'Ask whoever fills the feature table why the property is missing there.',
    );
  }
  const on = features.filter((feature) => property.flags[feature]);
  return holdsNot(
    `The feature table has ${rows(featureRowCount)}; by the newest, ${on.length} of ${features.length} features are on${on.length > 0 ? `: ${listed(on)}` : ''}.`,
  );
}

const reasons: Readonly<Record<ReasonCode, readonly [finding: string, action: string]>> = {
  SOURCE_DELETED: ['it is deleted in RDS', 'If that is wrong, look at the ingest of RDS.'],
  PLACEHOLDER_SFDC: [
    'its sfdc_id is a placeholder, which marks a test property',
    'If the property is real, correct the sfdc_id in RDS.',
  ],
  TEST_NAME: [
    'its name contains a word of tests',
    'If the property is real, put its id on the list of allowed names.',
  ],
  NO_COMPANY: ['it has no company', 'Set the company of the property in RDS.'],
  DISABLED: [
    'it is not ACTIVE and has no row of its own to keep true',
    'If the property is live, set its status in RDS.',
  ],
};

function absentFromQueue(facts: DiagnosisFacts): Answer {
  const { evaluation, planned, plannedAt, ownRows } = facts;
  const { reasonCode, changes, priority } = evaluation;
  switch (evaluation.class) {
    case 'EXCLUDED': {
      const [finding, action] = reasons[reasonCode ?? 'DISABLED'];
      return holds(`EXCLUDED, ${reasonCode ?? ''}: ${finding}. No queue takes it.`, action);
    }
    case 'CONFLICT':
      return holds(`CONFLICT: it has ${rows(ownRows.length)}, and no queue takes it.`, cleanDuplicates);
    case 'IN_SYNC':
      return holdsNot('IN_SYNC: there is nothing to write, so no queue needs it.');
    case 'CREATE':
    case 'UPDATE': {
      const [queue, why] =
        evaluation.class === 'CREATE'
          ? ['the queue of Sync A', `with priority ${priority ?? ''}`]
          : ['the queue of Sync B', `with ${listed(changes.map(({ field }) => field))}`];
      if (planned?.classification === evaluation.class)
        return holdsNot(
          `${evaluation.class}: ${queue} holds it since the plan of ${plannedAt} at the latest, ${why}.`,
        );
      return holds(
        `${evaluation.class} as of now, but ${planned?.classification ?? 'not there'} at the last plan of ${plannedAt}: ${queue} does not hold it yet, ${why}.`,
        'Make a new plan, or resync the property.',
      );
    }
  }
}

/** The code of a feature in RDS; document fraud exists in the wide table alone (docs/domain.md §1.1). */
const featureCodes: Readonly<Partial<Record<Feature, string>>> = {
  idv: 'identity_verification',
  bank_linking: 'bank_linking',
  payroll: 'payroll_linking',
  income_insights: 'income_verification',
};

function featureEventsMissing({ evaluation, enabledEvents }: DiagnosisFacts): Answer {
  if (enabledEvents === null) {
    return holdsNot('The table of feature events cannot be read here, so that this is not known.');
  }
  const missing = features.filter((feature) => {
    const code = featureCodes[feature];
    return evaluation.property.flags[feature] && code !== undefined && !enabledEvents.has(code);
  });
  // ID verification has practically no events (docs/domain.md §3.3): that it lacks them explains no fault.
  const telling = missing.filter((feature) => feature !== 'idv');
  if (telling.length > 0) {
    return holds(
      `On, but never recorded as enabled: ${listed(telling)}. Such a start date may be missing.`,
      'Ask whoever records the feature events; the sync invents no date.',
    );
  }
  return holdsNot(
    missing.length > 0
      ? 'Every feature that is on was recorded as enabled, but ID verification, which the source hardly records.'
      : 'Every feature that is on and has a code in RDS was recorded as enabled.',
  );
}

const hourMs = 3_600_000;
/** docs/domain.md §14.2. */
const lateMs = (intervalMs: number): number => (intervalMs <= hourMs ? 2 * intervalMs : intervalMs + hourMs);

function syncNotRunning({ evaluation, schedules, now }: DiagnosisFacts): Answer {
  const waitsFor: Readonly<Partial<Record<string, Sync>>> = { CREATE: 'A', UPDATE: 'B' };
  const only = waitsFor[evaluation.class];
  const answers = schedules
    .filter(({ sync }) => only === undefined || sync === only)
    .map((schedule) => runs(schedule, now));
  const failing = answers.filter(({ doesHold }) => doesHold);
  const shown = failing.length > 0 ? failing : answers;
  return {
    doesHold: failing.length > 0,
    finding: shown.map(({ finding }) => finding).join(' '),
    action: failing[0]?.action ?? null,
  };
}

function runs({ sync, intervalMs, pause, lastTick }: StoredSchedule, now: Date): Answer {
  const name = `Sync ${sync}`;
  if (pause !== null) {
    return holds(
      `${name} is paused since ${pause.at}, by ${pause.by}: ${pause.reason}.`,
      `Resume ${name} once the cause is mended.`,
    );
  }
  if (intervalMs === null) {
    return holds(
      `${name} is not scheduled: it runs when somebody starts it.`,
      `Make a plan and run ${name}, or put its schedule in force.`,
    );
  }
  const every = `${name} is due every ${intervalMs / 60_000} min`;
  if (lastTick === null) {
    return holds(`${every} and has not started yet.`, 'Wait for its first start, or make a plan and run it.');
  }
  const lastSeen = `${every}, was last due at ${lastTick.at} and ${outcomes[lastTick.outcome]}`;
  const because = lastTick.detail === null ? '' : `: ${lastTick.detail}`;
  if (now.getTime() - Date.parse(lastTick.at) > lateMs(intervalMs)) {
    return holds(
      `${lastSeen}: that is too long ago.`,
      'Look whether the middleware lives and its store answers.',
    );
  }
  if (lastTick.outcome === 'blocked' || lastTick.outcome === 'failed') {
    return holds(`${lastSeen}${because}.`, 'Read the plan and the run of that time and mend the cause.');
  }
  return holdsNot(`${lastSeen}.`);
}

const outcomes = {
  ran: 'ran',
  blocked: 'was blocked',
  failed: 'failed',
  skippedRunning: 'was left out, since a run was going on',
  skippedPaused: 'was left out, being paused',
} as const;

const rows = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);
