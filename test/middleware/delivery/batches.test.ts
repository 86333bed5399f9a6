import { describe, expect, it } from '@jest/globals';
import { createBatchSizer } from '../../../middleware/src/delivery/batchSize.ts';
import { brakeBaseOf, checkBrakes, defaultBrakeSettings } from '../../../middleware/src/delivery/brakes.ts';
import { fitsBulkFile } from '../../../middleware/src/delivery/fitsBulkFile.ts';

describe('createBatchSizer', () => {
  it('follows the ramp, and its last step from then on', () => {
    const sizer = createBatchSizer([50, 100, 200]);
    const sizes = Array.from({ length: 5 }, () => {
      const size = sizer.next();
      sizer.passed(size);
      return size;
    });
    expect(sizes).toEqual([50, 100, 200, 200, 200]);
  });

  it('never exceeds the 200 records of a Collections call', () => {
    expect(createBatchSizer([500]).next()).toBe(200);
  });

  it('halves what is too much until it passes, and stays there', () => {
    const sizer = createBatchSizer([200]);
    const sizes: number[] = [];
    for (let batch = 0; batch < 6; batch += 1) {
      const size = sizer.next();
      sizes.push(size);
      if (size > 60) sizer.overloaded(size);
      else sizer.passed(size);
    }
    expect(sizes).toEqual([200, 100, 50, 50, 50, 50]);
  });

  it('goes back to a size that has passed', () => {
    const sizer = createBatchSizer([50, 200]);
    sizer.passed(50);
    sizer.overloaded(200);
    expect(sizer.next()).toBe(50);
  });

  it('does not let one record that is too much alone slow down the rest', () => {
    const sizer = createBatchSizer([4]);
    for (const size of [4, 2, 1]) {
      expect(sizer.next()).toBe(size);
      sizer.overloaded(size);
    }
    expect(sizer.next()).toBe(4);
  });
});

describe('checkBrakes', () => {
  const counts = {
    planned: 100,
    attempted: 0,
    written: 0,
    created: 0,
    updated: 0,
    verified: 0,
    failed: 0,
    quarantined: 0,
    skipped: 0,
    unknown: 0,
    waiting: 0,
  };

  it.each([
    { attempted: 19, failed: 19, quarantined: 0, isStopped: false },
    { attempted: 20, failed: 2, quarantined: 0, isStopped: false },
    { attempted: 20, failed: 2, quarantined: 1, isStopped: true },
    { attempted: 100, failed: 0, quarantined: 10, isStopped: false },
    { attempted: 100, failed: 0, quarantined: 11, isStopped: true },
  ])(
    'with $failed failed and $quarantined quarantined of $attempted: stopped $isStopped',
    ({ isStopped, ...some }) => {
      const run = { counts: { ...counts, ...some }, brakeBase: null };
      expect(checkBrakes(run, defaultBrakeSettings) !== null).toBe(isStopped);
    },
  );

  it.each([
    { attempted: 49, failed: 10, quarantined: 9, isStopped: false },
    { attempted: 50, failed: 8, quarantined: 4, isStopped: false },
    { attempted: 50, failed: 8, quarantined: 5, isStopped: true },
  ])(
    'counts anew from where somebody let the run go on: $failed failed and $quarantined quarantined of $attempted',
    ({ isStopped, ...some }) => {
      const braked = { counts: { ...counts, attempted: 30, failed: 7, quarantined: 3 } };
      const run = { counts: { ...counts, ...some }, brakeBase: brakeBaseOf(braked) };
      expect(checkBrakes(run, defaultBrakeSettings) !== null).toBe(isStopped);
    },
  );
});

describe('fitsBulkFile', () => {
  it.each([
    ['#N/A', false],
    ['#N/A ', true],
    ['', true],
    ['x'.repeat(32_000), true],
    ['x'.repeat(32_001), false],
  ])('judges %.8s… as %s', (value, fits) => {
    expect(fitsBulkFile({ Name: value, Is_Multi_Property__c: true, City__c: null })).toBe(fits);
  });
});
