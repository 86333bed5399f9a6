import { describe, expect, it } from '@jest/globals';
import { nextBatchSize } from '../../../middleware/src/delivery/batchSize.ts';
import { checkBrakes, defaultBrakeSettings } from '../../../middleware/src/delivery/brakes.ts';
import { fitsBulkFile } from '../../../middleware/src/delivery/fitsBulkFile.ts';

describe('nextBatchSize', () => {
  it.each([
    [0, 50],
    [1, 100],
    [2, 200],
    [9, 200],
  ])('follows the ramp: batch %i carries %i', (batchesSent, size) => {
    expect(nextBatchSize([50, 100, 200], batchesSent, Infinity)).toBe(size);
  });

  it('stays at what the automation has been seen to bear, and never below one', () => {
    expect(nextBatchSize([50, 100, 200], 5, 60)).toBe(60);
    expect(nextBatchSize([50, 100, 200], 5, 0)).toBe(1);
  });

  it('never exceeds the 200 records of a Collections call', () => {
    expect(nextBatchSize([500], 0, Infinity)).toBe(200);
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
      expect(checkBrakes({ ...counts, ...some }, defaultBrakeSettings) !== null).toBe(isStopped);
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
