import { describe, expect, it } from '@jest/globals';
import { generateBaseline } from '../../scripts/baseline/generateBaseline.ts';
import { planBaseline } from '../../scripts/baseline/planBaseline.ts';
import type { Plan } from '../../scripts/baseline/plan.ts';
import { scaleUnits, splitByLargestRemainder } from '../../scripts/baseline/scale.ts';

const now = '2026-01-05T12:00:00.000Z';

function planOf(liveProperties: number, seed = 1): Plan {
  return planBaseline({ seed, liveProperties, now: Date.parse(now) / 1000 });
}

describe('splitting by largest remainder', () => {
  it('keeps the total and gives the rest to the largest remainders', () => {
    expect(splitByLargestRemainder(10, [1, 1, 1])).toEqual([4, 3, 3]);
    expect(splitByLargestRemainder(7, [50, 30, 20])).toEqual([4, 2, 1]);
    expect(splitByLargestRemainder(0, [3, 4])).toEqual([0, 0]);
    expect(splitByLargestRemainder(5, [0, 0])).toEqual([0, 0]);
  });

  it('scales whole units to an exact number of properties', () => {
    const units = [
      { count: 10, size: 1 },
      { count: 5, size: 2 },
      { count: 1, size: 70 },
    ];
    expect(scaleUnits(units, 90)).toEqual([10, 5, 1]);
    for (const properties of [1, 2, 9, 45, 89, 91, 1_000]) {
      const counts = scaleUnits(units, properties);
      expect(counts.reduce((sum, count, index) => sum + count * (units[index]?.size ?? 0), 0)).toBe(
        properties,
      );
    }
  });
});

describe.each([1_000, 1_001, 2_000, 20_174, 100_003])('a baseline of %d properties', (size) => {
  const plan = planOf(size);
  const { counts } = generateBaseline({ seed: 1, properties: size, now });

  it('has exactly as many live properties, each in one class', () => {
    expect(counts.properties).toBe(size);
    const inClasses = Object.values(counts.classes).reduce((sum, count) => sum + count, 0);
    expect(inClasses).toBe(counts.tableRows);
    expect(counts.classes.UPDATE + counts.classes.IN_SYNC).toBe(counts.existing.total);
  });

  it('keeps the proportions of January', () => {
    const share = size / 20_174;
    const near = (count: number, january: number) =>
      expect(Math.abs(count - january * share)).toBeLessThanOrEqual(Math.max(25, 0.005 * january * share));
    near(counts.active, 12_272);
    near(counts.eligible, 12_011);
    near(counts.classes.CREATE, 1_081);
    near(counts.create.p1, 507);
    near(counts.classes.UPDATE, 1_843);
    near(counts.classes.IN_SYNC, 15_619);
    near(counts.classes.CONFLICT, 258);
    near(counts.stagingRows, 18_022);
    near(counts.eligibleByFlag.idv, 3_651);
    near(counts.eligiblePaid, 8_557);
    near(counts.wideRows, 23_901);
  });

  it('keeps the structure of groups, rows and features', () => {
    const eligible = plan.properties.filter((property) => property.isEligible);
    const members = plan.groups.reduce((sum, group) => sum + group.members.length, 0);
    expect(members).toBe(eligible.length);
    for (const group of plan.groups) {
      const union = group.members.reduce((flags, member) => flags | member.ownFlags, 0);
      if (union !== group.flags)
        throw new Error(`Group ${group.number} does not have the union of its members.`);
      const isPaid = (union & 15) !== 0;
      if (isPaid !== group.isPaid) throw new Error(`Group ${group.number} is paid: ${String(isPaid)}.`);
      const [first, second] = group.members;
      if (first && second && first.updatedAt < second.updatedAt)
        throw new Error(`Group ${group.number} is not in order.`);
    }
    expect(
      plan.properties.filter(({ difference, liveRows }) => difference !== 'none' && liveRows !== 1),
    ).toEqual([]);
    expect(plan.properties.filter(({ updatedAt, insertedAt }) => updatedAt < insertedAt)).toEqual([]);
    expect(
      new Set(plan.properties.map(({ company }) => company).filter((company) => company >= 0)).size,
    ).toBe(plan.companies.length);
  });

  it('always holds Park Kennedy, unscaled', () => {
    const { active, sibling, guarantor } = plan.parkKennedy;
    expect(active.group.members).toEqual([active]);
    expect(active.group.others).toEqual([sibling]);
    expect([active.liveRows, sibling.liveRows, guarantor.liveRows]).toEqual([0, 1, 1]);
    expect(active.ownFlags).toBe(31);
  });
});

describe('the generator', () => {
  it('gives other rows for another seed, and the same rows for the same', () => {
    const ids = (seed: number) =>
      Array.from(generateBaseline({ seed, properties: 1_000, now }).rows('properties'), ([id]) => id);
    expect(ids(1)).toEqual(ids(1));
    expect(new Set([...ids(1), ...ids(2)]).size).toBe(2 * ids(1).length - 3);
  });

  it('refuses a size or a seed that it cannot make', () => {
    expect(() => generateBaseline({ seed: 1, properties: 999, now })).toThrow(RangeError);
    expect(() => generateBaseline({ seed: 1, properties: 1_000.5, now })).toThrow(RangeError);
    expect(() => generateBaseline({ seed: -1, properties: 1_000, now })).toThrow(RangeError);
  });
});
