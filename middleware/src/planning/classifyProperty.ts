import type { Classification } from '../contracts/plan.ts';
import type { EnrichedProperty } from './enrichProperty.ts';

/** Why a property is excluded. */
export type ReasonCode = 'SOURCE_DELETED' | 'PLACEHOLDER_SFDC' | 'TEST_NAME' | 'NO_COMPANY' | 'DISABLED';

/** Why a property is never written, or null when it may be. The first reason that holds counts. */
export function exclusionReason(property: EnrichedProperty, ownRowCount: number): ReasonCode | null {
  if (property.isDeleted || property.status === 'DELETED') return 'SOURCE_DELETED';
  if (property.isPlaceholder) return 'PLACEHOLDER_SFDC';
  if (property.isTestName) return 'TEST_NAME';
  if (property.companyId === null) return 'NO_COMPANY';
  const isKnown = property.isActive || property.status === 'DISABLED';
  if (!isKnown || (!property.isActive && ownRowCount === 0)) return 'DISABLED';
  return null;
}

/**
 * The one class of a property (docs/domain.md §6). `hasChanges` is asked only of a property with exactly one own row
 * that is not excluded.
 */
export function classifyProperty(
  reasonCode: ReasonCode | null,
  ownRowCount: number,
  hasChanges: boolean,
): Classification {
  if (reasonCode !== null) return 'EXCLUDED';
  if (ownRowCount > 1) return 'CONFLICT';
  if (ownRowCount === 0) return 'CREATE';
  return hasChanges ? 'UPDATE' : 'IN_SYNC';
}
