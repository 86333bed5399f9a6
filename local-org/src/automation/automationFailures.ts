import { saveError, type SaveError } from '../errors.ts';
import { getField } from '../store/schema.ts';
import type { Change } from '../dml/recordTrigger.ts';
import type { AutomationSettings } from './automationSettings.ts';
import { KEY_FIELD, STAGING_OBJECT, STATUS_FIELD } from './propertyFields.ts';

const FLOW_LABEL = 'Property Rollup';

/**
 * A record-triggered Flow that fails takes its record with it and wraps the cause into prose for the admin. The
 * wording follows messages quoted in public threads (restforce#624, declarative-lookup-rollup-summaries#1035).
 */
const flowError = (step: string, cause: string): SaveError =>
  saveError(
    'CANNOT_EXECUTE_FLOW_TRIGGER',
    `We can't save this record because the “${FLOW_LABEL}” process failed. Give your Salesforce admin these details. ` +
      `This error occurred when the flow tried to ${step}: ${cause}. ` +
      'You can look up ExceptionCode values in the SOAP API Developer Guide.',
  );

/** Permanent: a restricted picklist of a record that the Flow writes does not have the value. */
const picklistError = flowError(
  'update records',
  `INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: ${STATUS_FIELD}: bad value for restricted picklist field: ACTIVE`,
);

/** Permanent: a validation rule of the org refuses the record. */
const validationError = saveError(
  'FIELD_CUSTOM_VALIDATION_EXCEPTION',
  'This product property may not be changed.',
);

/** Capacity: too many records fired the Flow at once. All of the transaction's inserts are lost. */
const limitError = flowError(
  'look up records',
  'LIMIT_EXCEEDED: System.LimitException: Apex CPU time limit exceeded',
);

/** Decides which saves the automation refuses. It remembers the batches that already failed once. */
export interface AutomationFailures {
  refuse(changes: readonly Change[], settings: AutomationSettings): Map<Change, SaveError>;
  /** Forgets every batch. */
  reset(): void;
}

export function createAutomationFailures(): AutomationFailures {
  const failedBatches = new Set<string>();
  const keyOf = (change: Change) =>
    String(change.after[getField(change.table.object, KEY_FIELD).index] ?? '');

  const isOverLimit = (inserts: readonly Change[], limit: AutomationSettings['insertLimit']): boolean => {
    if (!limit || inserts.length <= limit.maxRecords) return false;
    if (limit.when === 'always') return true;
    const batch = inserts.map(keyOf).sort().join('\n');
    if (failedBatches.has(batch)) return false;
    failedBatches.add(batch);
    return true;
  };

  return {
    refuse: (changes, settings) => {
      const errors = new Map<Change, SaveError>();
      const staging = changes.filter((change) => change.table.object.name === STAGING_OBJECT);
      const inserts = staging.filter((change) => !change.before);
      if (isOverLimit(inserts, settings.insertLimit))
        for (const change of inserts) errors.set(change, limitError);
      for (const { keys, on, error } of settings.rejections) {
        const rejected = new Set(keys.map((key) => key.toLowerCase()));
        for (const change of staging) {
          if ((on === 'insert') !== (change.before === undefined) || errors.has(change)) continue;
          if (!rejected.has(keyOf(change).toLowerCase())) continue;
          errors.set(change, error === 'flowPicklist' ? picklistError : validationError);
        }
      }
      return errors;
    },
    reset: () => failedBatches.clear(),
  };
}
