import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from 'uuidv7';
import type { FieldDescription } from '../../../middleware/src/ports/crm.ts';
import type { PlanItem } from '../../../middleware/src/ports/runStore.ts';
import { planGroup, type GroupPlan } from '../../../middleware/src/properties/planGroup.ts';
import { parkKennedyIds } from '../../fixtures/namedCases.ts';
import { openBench, openEngine, type Bench, type Engine } from '../../integration/engine.ts';

let bench: Bench;
let engine: Engine;
const planned = new Map<string, PlanItem>();

const plan = (groupKey: string): Promise<GroupPlan> => planGroup(uuidv7(), groupKey, engine.deps);
const snapshot = (columns: string, rest: string) =>
  engine.deps.warehouse.query(
    `select ${columns} from ${engine.deps.warehouse.name('property_classification')} ${rest}`,
  );

beforeAll(async () => {
  bench = await openBench();
  engine = await openEngine(bench);
  const { planId } = await engine.plan();
  for (const operation of ['create', 'update'] as const) {
    for await (const items of bench.runStore.streamPlanItems(planId, operation)) {
      for (const item of items) planned.set(item.rdsPropertyId, item);
    }
  }
});
afterAll(async () => {
  await engine.close();
  await bench.close();
});

describe('the plan of a group', () => {
  it('has the rows of the whole plan, of every group that has any', async () => {
    const rows: PlanItem[] = [];
    for (const groupKey of new Set([...planned.values()].map((item) => item.groupKey))) {
      rows.push(...(await plan(groupKey)).items);
    }
    const withoutPlace = (item: PlanItem | undefined) => item && { ...item, ordinal: 0 };
    expect(planned.size).toBeGreaterThan(100);
    for (const row of rows) expect(withoutPlace(row)).toEqual(withoutPlace(planned.get(row.rdsPropertyId)));
    expect(rows).toHaveLength(planned.size);
  });

  it('gives every property its class, and has no row where nothing is to be written', async () => {
    for (const [kind, reason] of [
      ['CONFLICT', null],
      ['IN_SYNC', null],
      ['EXCLUDED', 'TEST_NAME'],
      ['EXCLUDED', 'PLACEHOLDER_SFDC'],
    ]) {
      const [found] = await snapshot(
        'rds_property_id, group_key',
        `where class = '${String(kind)}' ${reason === null ? '' : `and reason_code = '${reason ?? ''}'`}
         order by rds_property_id limit 1`,
      );
      const id = String(found?.['rds_property_id']);
      const { items, members } = await plan(String(found?.['group_key']));
      expect(members).toContainEqual(
        expect.objectContaining({ rdsPropertyId: id, classification: kind, reasonCode: reason }),
      );
      expect(items.filter(({ rdsPropertyId }) => rdsPropertyId === id)).toEqual([]);
    }
  });

  it('numbers the rows of each operation in the order of the whole plan', async () => {
    const [largest] = await snapshot(
      'group_key, count(*) as n',
      'group by group_key order by n desc, group_key',
    );
    const { items } = await plan(String(largest?.['group_key']));
    for (const operation of ['create', 'update'] as const) {
      const own = items.filter((item) => item.operation === operation);
      expect(own.map(({ ordinal }) => ordinal)).toEqual(own.map((_, index) => index));
      const places = own.map(({ rdsPropertyId }) => planned.get(rdsPropertyId)?.ordinal ?? -1);
      expect(places).toEqual(places.toSorted((left, right) => left - right));
    }
  });

  it('names every member, contributors first, whether it is written or not', async () => {
    const { plan: made, members } = await plan('a01ZZ000001PKndYAG');
    expect(made).toMatchObject({ state: 'ready', groupKey: 'a01ZZ000001PKndYAG', isAttended: true });
    expect(members).toMatchObject([
      { rdsPropertyId: parkKennedyIds.active, classification: 'CREATE', state: null },
      { rdsPropertyId: parkKennedyIds.sibling, classification: 'IN_SYNC', state: null },
    ]);
  });

  it('follows a property that has got a Salesforce id since its group was named', async () => {
    const { plan: made } = await plan(parkKennedyIds.active);
    expect(made.groupKey).toBe('a01ZZ000001PKndYAG');
  });

  it('refuses a group that is gone', async () => {
    await expect(plan('a01ZZ0000000000AAA')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(plan(uuidv7())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses a source that is too old', async () => {
    const later = new Date(bench.clock.now().getTime() + 2 * 3_600_000);
    await expect(
      planGroup(uuidv7(), 'a01ZZ000001PKndYAG', { ...engine.deps, clock: { now: () => later } }),
    ).rejects.toMatchObject({ code: 'SOURCE_STALE' });
  });

  it('is blocked by a value that the org does not offer', async () => {
    const describeFields = async (): Promise<FieldDescription[]> =>
      (await engine.deps.crm.describeFields()).map((field) =>
        field.field === 'Status__c' ? { ...field, picklistValues: ['DISABLED'] } : field,
      );
    const crm = new Proxy(engine.deps.crm, {
      get: (target, name) => {
        if (name === 'describeFields') return describeFields;
        const method: unknown = Reflect.get(target, name);
        return typeof method === 'function' ? (method.bind(target) as unknown) : method;
      },
    });
    const { plan: made } = await planGroup(uuidv7(), 'a01ZZ000001PKndYAG', { ...engine.deps, crm });
    expect(made.state).toBe('blocked');
    expect(made.guards.filter(({ isTripped }) => isTripped)).toMatchObject([
      { guard: 'picklist', detail: expect.stringContaining('Status__c = ACTIVE') as unknown },
    ]);
  });
});

describe('its guards', () => {
  /** A group of one row whose payroll date goes: made by hand, since the baseline's own difference is of another kind. */
  const clearingGroup = (): PlanItem => {
    const found = [...planned.values()].find(({ changes }) => changes.some(({ to }) => to === null));
    if (found === undefined) throw new Error('The baseline clears nothing.');
    return found;
  };

  it('measure shares over all existing rows of the plan built last', async () => {
    const { plan: made } = await plan(clearingGroup().groupKey);
    expect(made.state).toBe('ready');
    expect(made.guards.find(({ guard }) => guard === 'nullOverValue')?.measured).toBeGreaterThan(0);
  });

  it('measure over the group alone before the first plan', async () => {
    const runStore = { ...engine.deps.runStore, latestBuiltPlan: () => Promise.resolve(undefined) };
    const { plan: made } = await planGroup(uuidv7(), clearingGroup().groupKey, { ...engine.deps, runStore });
    expect(made.state).toBe('blocked');
    expect(made.guards.find(({ guard }) => guard === 'nullOverValue')).toMatchObject({ isTripped: true });
  });
});
