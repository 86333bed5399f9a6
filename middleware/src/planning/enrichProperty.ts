import type { EvaluationSettings } from './evaluationSettings.ts';
import { normalizeText } from './normalizeText.ts';
import { normalizeValue, type ValueWarning } from './normalizeValue.ts';
import type { FeatureFlags, FeatureTimes, OwnFeatures } from './reduceFeatureRows.ts';
import {
  type ProductionId,
  type PropertyId,
  readSourceSfdcId,
  type SourceSfdcId,
  toPropertyId,
} from './salesforceId.ts';
import type { SourceProperty } from './sourceRows.ts';
import { isTestName } from './testName.ts';

export type Population = 'active_with_sfdc' | 'active_without_sfdc' | 'disabled';

/** A property's own warnings: those its source rows alone give. */
export type PropertyWarning =
  ValueWarning | 'MALFORMED_SFDC_ID' | 'COMPANY_UNRESOLVED' | 'FEATURE_ROWS_AMBIGUOUS' | 'UNKNOWN_STATUS';

/** One property with normalised values, its company's name and its own features (docs/domain.md §7.1). */
export interface EnrichedProperty {
  readonly id: PropertyId;
  readonly rawSfdcId: string | null;
  readonly sfdcId18: ProductionId | null;
  readonly shortId: string | null;
  readonly companyId: string | null;
  readonly companyName: string | null;
  readonly name: string | null;
  /** Upper case. */
  readonly status: string | null;
  readonly address: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly postalCode: string | null;
  readonly createdAt: Date | null;
  readonly updatedAt: Date | null;
  readonly flags: FeatureFlags;
  readonly enabledAt: FeatureTimes;
  /** Live and of status ACTIVE. */
  readonly isActive: boolean;
  /** False for all where placeholders are not excluded. */
  readonly isPlaceholder: boolean;
  /** False for a property on the allow-list, and for all where test names are not excluded. */
  readonly isTestName: boolean;
  readonly isDeleted: boolean;
  readonly isEligible: boolean;
  readonly population: Population;
  readonly warnings: readonly PropertyWarning[];
}

const knownStatuses: ReadonlySet<string | null> = new Set(['ACTIVE', 'DISABLED', 'DELETED']);

const populationOf = (status: string | null, sfdcId: SourceSfdcId): Population => {
  if (status !== 'ACTIVE') return 'disabled';
  return sfdcId.kind === 'valid' ? 'active_with_sfdc' : 'active_without_sfdc';
};

/**
 * Reads one row of the properties table. `companyNames` holds the normalised names of live companies by id; a company
 * that is missing there, deleted or unnamed gives no name.
 */
export function enrichProperty(
  row: SourceProperty,
  companyNames: ReadonlyMap<string, string>,
  features: OwnFeatures,
  settings: EvaluationSettings,
): EnrichedProperty {
  const id = toPropertyId(row.id);
  if (id === null)
    throw new Error('A property without an id cannot be read: id is the primary key of its table.');
  const warnings: PropertyWarning[] = [];
  const warnIf = (isTrue: boolean, warning: PropertyWarning): void => {
    if (isTrue) warnings.push(warning);
  };
  const toText = (normalizer: 'name' | 'state' | 'postalCode' | 'uuid' | 'status', raw: string | null) => {
    const { value, warning } = normalizeValue(normalizer, raw);
    if (warning !== null) warnings.push(warning);
    return value as string | null;
  };

  const sfdcId = readSourceSfdcId(row.sfdcId, settings.productionKeyPrefix);
  const companyId = toText('uuid', row.companyId);
  const companyName = companyId === null ? null : (companyNames.get(companyId) ?? null);
  const status = toText('status', row.status);
  const isDeleted = row.isDeleted === true;
  const isActive = status === 'ACTIVE' && !isDeleted;
  const isPlaceholder = settings.excludePlaceholder && sfdcId.kind === 'placeholder';
  const isTest =
    settings.excludeTestNames && !settings.testAllowList.has(id) && isTestName(normalizeText(row.name));
  warnIf(sfdcId.kind === 'malformed', 'MALFORMED_SFDC_ID');
  warnIf(companyId !== null && companyName === null, 'COMPANY_UNRESOLVED');
  warnIf(features.isAmbiguous, 'FEATURE_ROWS_AMBIGUOUS');
  warnIf(!knownStatuses.has(status), 'UNKNOWN_STATUS');

  return {
    id,
    rawSfdcId: row.sfdcId,
    sfdcId18: sfdcId.id,
    shortId: normalizeText(row.shortId),
    companyId,
    companyName,
    name: toText('name', row.name),
    status,
    address: normalizeText(row.address),
    city: normalizeText(row.city),
    state: toText('state', row.state),
    postalCode: toText('postalCode', row.zip),
    createdAt: row.insertedAt,
    updatedAt: row.updatedAt,
    flags: features.flags,
    enabledAt: features.enabledAt,
    isActive,
    isPlaceholder,
    isTestName: isTest,
    isDeleted,
    isEligible: isActive && companyId !== null && !isPlaceholder && !isTest,
    population: populationOf(status, sfdcId),
    warnings,
  };
}
