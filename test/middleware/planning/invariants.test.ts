import { describe, it } from '@jest/globals';
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { features, salesforceStems } from '../../../middleware/src/contracts/fieldMap.ts';
import { type Evaluation, evaluateProperties } from '../../../middleware/src/planning/evaluateProperties.ts';
import { defaultEvaluationSettings } from '../../../middleware/src/planning/evaluationSettings.ts';
import { toPropertyId } from '../../../middleware/src/planning/salesforceId.ts';
import { buildWorlds, settingsRecipe, type World, worldRecipe } from '../../fixtures/arbitraries.ts';

// Another seed is another search: SEED=7 npm run -s jest -- test/middleware/planning/invariants.test.ts
const seed = Number(process.env['SEED'] ?? 20260105);

const holds = (check: (evaluations: Evaluation[], world: World) => void): void => {
  const recipes = fc.tuple(worldRecipe, settingsRecipe).map(([recipe, settings]) => ({
    world: buildWorlds([recipe], settings),
    settings,
  }));
  fc.assert(
    fc.property(recipes, ({ world, settings }) => {
      check([...evaluateProperties(world, settings).values()], world);
    }),
    { seed, numRuns: 150 },
  );
};
const isWritten = ({ class: name }: Evaluation): boolean => name === 'CREATE' || name === 'UPDATE';

/** The values that all rows of a group must share. */
const groupValues = ({ expected }: Evaluation): unknown[] => [
  ...Object.values(salesforceStems).flatMap((stem) => [
    expected?.[`${stem}_Enabled__c`],
    expected?.[`${stem}_Start_Date__c`],
  ]),
  expected?.['Active_Property_Count__c'],
  expected?.['Is_Multi_Property__c'],
  expected?.['Contributing_Property_IDs__c'],
];

describe('the invariants of docs/domain.md §6, on generated worlds', () => {
  it('1: every row of the table has one class, and only an excluded one has a reason', () =>
    holds((evaluations, world) => {
      assert.equal(evaluations.length, world.properties.length);
      for (const evaluation of evaluations) {
        assert.equal(evaluation.reasonCode !== null, evaluation.class === 'EXCLUDED');
      }
    }));

  it('2: a create has no own row, an update one and a change', () =>
    holds((evaluations) => {
      for (const { class: name, ownRowCount, changes, expected } of evaluations) {
        if (name === 'CREATE') assert.equal(ownRowCount, 0);
        if (name === 'UPDATE' || name === 'IN_SYNC') assert.equal(ownRowCount, 1);
        assert.equal(changes.length > 0, name === 'UPDATE');
        assert.equal(expected === null, name === 'EXCLUDED' || name === 'CONFLICT');
      }
    }));

  it('3: what is created is eligible, and so not disabled', () =>
    holds((evaluations) => {
      for (const { class: name, property } of evaluations) {
        if (name === 'CREATE') assert.ok(property.isEligible && property.status === 'ACTIVE');
      }
    }));

  it('4: every property is named once', () =>
    holds((evaluations, world) => {
      const ids = new Set(evaluations.map(({ rdsPropertyId }) => rdsPropertyId));
      assert.deepEqual(ids, new Set(world.properties.map(({ id }) => toPropertyId(id))));
    }));

  it('5: the members of all groups are the eligible properties', () =>
    holds((evaluations) => {
      const groups = new Set(evaluations.flatMap(({ group }) => (group === null ? [] : [group])));
      const memberIds = [...groups].flatMap((group) => {
        assert.equal(group.activePropertyCount, group.memberIds.length);
        return group.memberIds;
      });
      const eligible = evaluations.filter(({ property }) => property.isEligible);
      assert.deepEqual(memberIds.sort(), eligible.map(({ rdsPropertyId }) => rdsPropertyId).sort());
    }));

  it('6: a feature that is off has no date, in every group and every row', () =>
    holds((evaluations) => {
      for (const { group, expected } of evaluations) {
        for (const feature of features) {
          if (group !== null && !group.flags[feature]) assert.equal(group.startDates[feature], null);
          const stem = salesforceStems[feature];
          if (expected?.[`${stem}_Enabled__c`] === false) {
            assert.equal(expected[`${stem}_Start_Date__c`], null);
          }
        }
      }
    }));

  it('7: the rows of a group agree in flags, dates, count and contributors', () =>
    holds((evaluations) => {
      const byGroup = Map.groupBy(
        evaluations.filter(({ group, expected }) => group !== null && expected !== null),
        ({ groupKey }) => groupKey,
      );
      for (const [first, ...others] of byGroup.values()) {
        if (first === undefined) continue;
        for (const other of others) assert.deepEqual(groupValues(other), groupValues(first));
      }
    }));

  it('8: the identity of a row comes from the property of its key', () =>
    holds((evaluations) => {
      for (const { expected, property, rdsPropertyId } of evaluations) {
        assert.equal(property.id, rdsPropertyId);
        if (expected === null) continue;
        assert.equal(expected['Name'], property.name);
        assert.equal(expected['Street__c'], property.address);
        assert.equal(expected['Status__c'], property.status);
        assert.equal(expected['Source_Salesforce_ID__c'], property.sfdcId18);
      }
    }));
});

describe('the evaluator, on generated worlds', () => {
  const settings = defaultEvaluationSettings;
  const worlds = worldRecipe.map((recipe) => buildWorlds([recipe], settings));
  const summary = (world: World) =>
    Array.from(evaluateProperties(world, settings).values(), ({ property: _, group, ...rest }) => ({
      ...rest,
      members: group?.memberIds,
    })).sort((left, right) => (left.rdsPropertyId < right.rdsPropertyId ? -1 : 1));

  it('does not depend on the order of its rows', () =>
    fc.assert(
      fc.property(worlds, (world) => {
        const reversed: World = {
          properties: world.properties.toReversed(),
          companies: world.companies.toReversed(),
          featureRows: world.featureRows.toReversed(),
          stagingRows: world.stagingRows.toReversed(),
        };
        assert.deepEqual(summary(reversed), summary(world));
      }),
      { seed, numRuns: 150 },
    ));

  it('has nothing left to do once its plan is carried out', () =>
    fc.assert(
      fc.property(worlds, (world) => {
        const evaluations = [...evaluateProperties(world, settings).values()];
        const written = evaluations.filter(isWritten);
        const updatedIds = new Set<string>(written.flatMap(({ stagingIds }) => stagingIds));
        const after: World = {
          ...world,
          stagingRows: [
            ...world.stagingRows.filter(({ id }) => !updatedIds.has(id)),
            ...written.map(({ rdsPropertyId, expected, current, changes }, index) => ({
              id: `new-${index}`,
              key: rdsPropertyId,
              lookup: null,
              isDeleted: false,
              values:
                current === null
                  ? (expected ?? {})
                  : { ...current, ...Object.fromEntries(changes.map(({ field, to }) => [field, to])) },
              lastModifiedAt: null,
              lastModifiedById: null,
              systemModstamp: null,
            })),
          ],
        };
        assert.deepEqual([...evaluateProperties(after, settings).values()].filter(isWritten), []);
      }),
      { seed, numRuns: 150 },
    ));
});
