import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openStore, type Store } from '../../../middleware/src/adapters/store/openStore.ts';
import { createSystemClock } from '../../../middleware/src/adapters/clock/systemClock.ts';
import { newPlan } from '../../../middleware/src/planning/newPlan.ts';
import type { PlannedMember } from '../../../middleware/src/ports/groupStore.ts';
import { freshLocation } from './storeLocations.ts';

const plans = ['019a0000-0000-7000-8000-00000000000a', '019a0000-0000-7000-8000-00000000000b'] as const;
const clock = createSystemClock({ startAt: null });
let store: Store;
let remove: () => Promise<void>;

beforeEach(async () => {
  const fresh = await freshLocation();
  ({ remove } = fresh);
  const log = { warn: () => undefined, error: () => undefined };
  store = await openStore(fresh.location, { log, clock });
});
afterEach(async () => {
  await store.close();
  await remove();
});

const member = (rdsPropertyId: string, values: Partial<PlannedMember> = {}): PlannedMember => ({
  rdsPropertyId,
  groupKey: 'group',
  sfdcId: 'group',
  ordinal: 1,
  isContributor: true,
  classification: 'IN_SYNC',
  reasonCode: null,
  warnings: [],
  stagingIds: [],
  linkedId: null,
  expected: { Name: `Name of ${rdsPropertyId}`, Active_Property_Count__c: 0, Is_Multi_Property__c: false },
  changes: [],
  ownFeatures: [],
  hasPaidFeatures: false,
  sourceUpdatedAt: '2026-01-05T12:00:00.000Z',
  rowModifiedAt: null,
  ...values,
});

async function begin(planId: string, members: readonly PlannedMember[]): Promise<void> {
  await store.runStore.createPlan(
    newPlan(planId, { isAttended: true, now: new Date('2026-01-05T12:00:00Z') }),
    {
      key: planId,
      bodyHash: 'hash',
    },
  );
  await store.groupStore.openGroups(planId, { mirroredAt: '2026-01-05T11:59:00.000Z' });
  await store.groupStore.appendMembers(planId, members);
}

async function end(planId: string, minute: number, state: 'ready' | 'failed' = 'ready'): Promise<void> {
  const at = `2026-01-05T12:0${String(minute)}:00.000Z`;
  await store.runStore.updatePlan(planId, { state, builtAt: at, businessTime: at });
  await store.groupStore.dropOldGroups();
}

const idsOf = async (id: string): Promise<string[] | undefined> =>
  (await store.groupStore.readGroupOf(id))?.members.map(({ rdsPropertyId }) => rdsPropertyId);

describe('the groups of the plan built last', () => {
  it('are found by group, property and any staging row, each member as it was kept, in order', async () => {
    const second = member('p2', { ordinal: 2, stagingIds: ['row3', 'row2'], warnings: ['GROUP_TIE'] });
    await begin(plans[0], [
      second,
      member('p1', { stagingIds: ['row1'] }),
      member('p9', { groupKey: 'other' }),
    ]);
    await end(plans[0], 1);
    for (const id of ['group', 'p1', 'p2', 'row1', 'row2', 'row3'])
      expect(await idsOf(id)).toEqual(['p1', 'p2']);
    expect(await idsOf('p9')).toEqual(['p9']);
    expect(await idsOf('nobody')).toEqual([]);
    const group = await store.groupStore.readGroupOf('group');
    expect(group?.members[1]).toEqual(second);
    expect(group).toMatchObject({
      mirroredAt: '2026-01-05T11:59:00.000Z',
      dataAsOf: { planId: plans[0], businessTime: '2026-01-05T12:01:00.000Z' },
    });
  });

  it('are none before a plan is built', async () => {
    expect(await store.groupStore.readGroupOf('p1')).toBeUndefined();
    await begin(plans[0], [member('p1')]);
    expect(await store.groupStore.readGroupOf('p1')).toBeUndefined();
  });

  it('stay while the next plan is being built, and go when it has been', async () => {
    await begin(plans[0], [member('p1')]);
    await end(plans[0], 1);
    await begin(plans[1], [member('p2')]);
    await store.groupStore.dropOldGroups();
    expect(await idsOf('p1')).toEqual(['p1']);
    await end(plans[1], 2);
    expect(await idsOf('p1')).toEqual([]);
    expect(await idsOf('p2')).toEqual(['p2']);
  });

  it('stay when the next plan fails', async () => {
    await begin(plans[0], [member('p1')]);
    await end(plans[0], 1);
    await begin(plans[1], [member('p2')]);
    await end(plans[1], 2, 'failed');
    expect(await idsOf('p1')).toEqual(['p1']);
  });

  it('are left alone by a worker whose plan somebody else has taken', async () => {
    await begin(plans[0], [member('p1')]);
    const hold = await store.runStore.holdPlan(plans[0]);
    await store.runStore.holdPlan(plans[0]);
    const mirroredAt = '2026-01-05T12:00:00.000Z';
    const conflict = { code: 'RUN_CONFLICT' };
    await expect(store.groupStore.openGroups(plans[0], { mirroredAt, hold })).rejects.toMatchObject(conflict);
    await expect(store.groupStore.appendMembers(plans[0], [member('p2')], hold)).rejects.toMatchObject(
      conflict,
    );
    await end(plans[0], 1);
    expect(await idsOf('group')).toEqual(['p1']);
  });

  it('begin anew with a building that was interrupted', async () => {
    await begin(plans[0], [member('p1')]);
    await store.groupStore.openGroups(plans[0], { mirroredAt: '2026-01-05T12:00:00.000Z' });
    await store.groupStore.appendMembers(plans[0], [member('p2')]);
    await end(plans[0], 1);
    expect(await idsOf('group')).toEqual(['p2']);
  });
});
