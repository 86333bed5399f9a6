import { describe, expect, it } from '@jest/globals';
import type { Feature } from '../../../middleware/src/contracts/fieldMap.ts';
import { features } from '../../../middleware/src/contracts/fieldMap.ts';
import { reduceFeatureRows } from '../../../middleware/src/planning/reduceFeatureRows.ts';
import { toPropertyId } from '../../../middleware/src/planning/salesforceId.ts';
import type { SourceFeatureRow } from '../../../middleware/src/planning/sourceRows.ts';
import { aFeatureRow, aPropertyUuid, at } from '../../fixtures/properties.ts';

const earlier = at('2025-01-01T00:00:00.000Z');
const later = at('2025-02-01T00:00:00.000Z');

const reduce = (rows: SourceFeatureRow[]) => {
  const propertyId = toPropertyId(aPropertyUuid(1));
  const own = propertyId === null ? undefined : reduceFeatureRows(rows).get(propertyId);
  if (own === undefined) throw new Error('Property 1 has no features.');
  return { enabled: features.filter((feature) => own.flags[feature]), own };
};

const withUpdates = (
  row: SourceFeatureRow,
  updatedAt: Partial<Record<Feature, Date | null>>,
): SourceFeatureRow => ({
  ...row,
  features: Object.fromEntries(
    features.map((feature) => [feature, { ...row.features[feature], updatedAt: updatedAt[feature] ?? null }]),
  ) as SourceFeatureRow['features'],
});

// Whatever wins must win in both orders of arrival.
const inBothOrders = (rows: SourceFeatureRow[]) => [rows, rows.toReversed()];

describe('reduceFeatureRows', () => {
  it('takes the row with the latest of the five updates', () => {
    const older = withUpdates(aFeatureRow({ enabled: { idv: null } }), { idv: later, payroll: earlier });
    const newer = withUpdates(aFeatureRow({ enabled: { payroll: null } }), {
      document_fraud: at('2025-02-02'),
    });
    for (const rows of inBothOrders([older, newer])) expect(reduce(rows).enabled).toEqual(['payroll']);
  });

  it('reads a missing update as 1900', () => {
    const never = aFeatureRow({ enabled: { idv: null }, updatedAt: null });
    const once = aFeatureRow({ enabled: { payroll: null }, updatedAt: at('1900-01-02') });
    for (const rows of inBothOrders([never, once])) expect(reduce(rows).enabled).toEqual(['payroll']);
  });

  it('takes the latest enabling when the updates are equal', () => {
    const rows = [
      aFeatureRow({ enabled: { idv: later }, productPropertyId: 'b' }),
      aFeatureRow({ enabled: { payroll: earlier }, productPropertyId: 'a' }),
      aFeatureRow({ enabled: {}, productPropertyId: 'a' }),
    ];
    for (const ordered of inBothOrders(rows)) {
      expect(reduce(ordered)).toMatchObject({ enabled: ['idv'], own: { isAmbiguous: false } });
    }
  });

  it('takes the lowest product property id when both times are equal, and null last', () => {
    const rows = [
      aFeatureRow({ enabled: { idv: later }, productPropertyId: null }),
      aFeatureRow({ enabled: { payroll: later }, productPropertyId: 'b' }),
      aFeatureRow({ enabled: { bank_linking: later }, productPropertyId: 'a' }),
    ];
    for (const ordered of inBothOrders(rows)) {
      expect(reduce(ordered)).toMatchObject({ enabled: ['bank_linking'], own: { isAmbiguous: true } });
    }
  });

  it('sees no ambiguity in a tie with the same flags', () => {
    const rows = [
      aFeatureRow({ enabled: { idv: later }, productPropertyId: 'a' }),
      aFeatureRow({ enabled: { idv: null }, stale: { payroll: later }, productPropertyId: 'b' }),
    ];
    for (const ordered of inBothOrders(rows)) expect(reduce(ordered).own.isAmbiguous).toBe(false);
  });

  it('forgets the ambiguity of rows that a newer one replaces', () => {
    const rows = [
      aFeatureRow({ enabled: { idv: null }, updatedAt: earlier, productPropertyId: 'a' }),
      aFeatureRow({ enabled: {}, updatedAt: earlier, productPropertyId: 'b' }),
      aFeatureRow({ enabled: {}, updatedAt: later, productPropertyId: 'c' }),
    ];
    for (const ordered of inBothOrders(rows)) expect(reduce(ordered).own.isAmbiguous).toBe(false);
  });

  it('sees ambiguity whichever of three equal rows differs', () => {
    const rows = [
      aFeatureRow({ enabled: { idv: later }, productPropertyId: 'a' }),
      aFeatureRow({ enabled: { payroll: later }, productPropertyId: 'b' }),
      aFeatureRow({ enabled: { idv: later }, productPropertyId: 'c' }),
    ];
    for (const ordered of inBothOrders(rows)) expect(reduce(ordered).own.isAmbiguous).toBe(true);
  });

  it('does not depend on the order of rows that repeat an id', () => {
    const rows = [
      aFeatureRow({ enabled: {}, stale: { idv: later } }),
      aFeatureRow({ enabled: { idv: later } }),
      aFeatureRow({ enabled: { payroll: later } }),
    ];
    for (const ordered of inBothOrders(rows)) expect(reduce(ordered).enabled).toEqual(['idv']);
  });

  it('takes all features from one row, the stale date of a feature that is off included', () => {
    const { own } = reduce([
      aFeatureRow({ enabled: { idv: earlier }, updatedAt: earlier }),
      aFeatureRow({ enabled: { payroll: null }, stale: { bank_linking: earlier }, updatedAt: later }),
    ]);
    expect(own).toEqual({
      flags: {
        idv: false,
        bank_linking: false,
        payroll: true,
        income_insights: false,
        document_fraud: false,
      },
      enabledAt: {
        idv: null,
        bank_linking: earlier,
        payroll: null,
        income_insights: null,
        document_fraud: null,
      },
      isAmbiguous: false,
    });
  });

  it('reads flags as booleans, numbers and texts, and null as off', () => {
    const row = aFeatureRow();
    const raws = { idv: 1, bank_linking: 'TRUE', payroll: 0, income_insights: null, document_fraud: 'false' };
    const flags = Object.fromEntries(
      features.map((feature) => [feature, { ...row.features[feature], isEnabled: raws[feature] }]),
    ) as SourceFeatureRow['features'];
    expect(reduce([{ ...row, features: flags }]).enabled).toEqual(['idv', 'bank_linking']);
  });

  it('finds the property whatever the case of its id, and passes over rows without one', () => {
    const rows = [
      aFeatureRow({ propertyId: null, enabled: { payroll: later } }),
      aFeatureRow({ propertyId: aPropertyUuid(1).toUpperCase(), enabled: { idv: later } }),
    ];
    expect(reduce(rows).enabled).toEqual(['idv']);
    expect(reduceFeatureRows(rows).size).toBe(1);
  });
});
