import { describe, expect, it } from '@jest/globals';
import type { DeliverySettings } from '../../../middleware/src/delivery/deliveryDeps.ts';
import { resolveUnknown } from '../../../middleware/src/delivery/resolveUnknown.ts';
import type { Crm, StagingRecord } from '../../../middleware/src/ports/crm.ts';
import { aRunItem, aStagingRecord } from '../../fixtures/ledger.ts';

const sentAt = '2026-01-05T12:00:00.000Z';
const item = aRunItem({ state: 'sent', attempts: 1, sentAt });
const written = aStagingRecord({ key: item.rdsPropertyId, syncRunId: item.runId });

/** An org that shows the record from the given reading on; and what was waited for. */
function orgThatCommits(fromReading: number) {
  const waits: number[] = [];
  let readings = 0;
  const crm = {
    readByKeys: () => Promise.resolve<StagingRecord[]>(++readings >= fromReading ? [written] : []),
  } as Partial<Crm> as Crm;
  const deps = {
    crm,
    settings: {
      lostAnswerPauseMs: 2_000,
      lostAnswerSettleMs: 120_000,
      maxAttempts: 4,
    } as Partial<DeliverySettings> as DeliverySettings,
    clock: { now: () => new Date('2026-01-05T12:00:05.000Z') },
    pause: { wait: (ms: number) => Promise.resolve(waits.push(ms)), jitter: () => 0.5 },
  };
  return { deps, waits, readings: () => readings };
}

describe('resolveUnknown', () => {
  it('finds a record that Salesforce commits after its answer was lost, and sends it no second time', async () => {
    const { deps, waits } = orgThatCommits(3);
    expect(await resolveUnknown(item, [item], deps)).toMatchObject([
      { rdsPropertyId: item.rdsPropertyId, state: 'accepted', stagingId: written.id },
    ]);
    expect(waits).toEqual([2_000, 4_000]);
  });

  it('sends again only when Salesforce can no longer be at work on it', async () => {
    const { deps, waits } = orgThatCommits(Infinity);
    expect(await resolveUnknown(item, [item], deps)).toEqual([
      { rdsPropertyId: item.rdsPropertyId, state: 'planned' },
    ]);
    // Two minutes after the sending, of which five seconds have gone.
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(115_000);
  });

  it('asks once where the sending was long ago', async () => {
    const { deps, waits, readings } = orgThatCommits(Infinity);
    const old = { ...item, sentAt: '2026-01-05T11:00:00.000Z' };
    expect(await resolveUnknown(old, [old], deps)).toMatchObject([{ state: 'planned' }]);
    expect({ waits, readings: readings() }).toEqual({ waits: [], readings: 1 });
  });
});
