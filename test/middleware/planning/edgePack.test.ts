import { describe, expect, it } from '@jest/globals';
import { evaluateProperties } from '../../../middleware/src/planning/evaluateProperties.ts';
import { defaultEvaluationSettings } from '../../../middleware/src/planning/evaluationSettings.ts';
import type { PropertyId } from '../../../middleware/src/planning/salesforceId.ts';
import type { EdgeExpected } from '../../../scripts/baseline/edgeCase.ts';
import { edgeAllowList, edgePack } from '../../../scripts/baseline/edgePack.ts';
import { edgeWorld } from '../../fixtures/baselineWorlds.ts';

const evaluate = (testAllowList: readonly string[]) => {
  const settings = {
    ...defaultEvaluationSettings,
    testAllowList: new Set(testAllowList.map((id) => id as PropertyId)),
  };
  const evaluations = evaluateProperties(edgeWorld(), settings);
  return (id: string): EdgeExpected => {
    const evaluation = evaluations.get(id as PropertyId);
    if (evaluation === undefined) throw new Error(`${id} was not evaluated.`);
    const { class: name, reasonCode, warnings, groupKey, expected, changes } = evaluation;
    const changedFields = changes.map(({ field }) => field).sort();
    return { class: name, reasonCode, warnings, groupKey, desired: expected, changedFields };
  };
};

const sorted = (expected: EdgeExpected): EdgeExpected => ({
  ...expected,
  changedFields: [...expected.changedFields].sort(),
});

describe('the edge pack', () => {
  const evaluated = evaluate([]);
  it.each(edgePack.map((edgeCase) => [edgeCase.number, edgeCase.story, edgeCase] as const))(
    '%i: %s',
    (_number, _story, { id, expected }) => expect(evaluated(id)).toEqual(sorted(expected)),
  );
});

describe('the edge pack with its test names allowed', () => {
  const evaluated = evaluate(edgeAllowList);
  it.each(edgePack.map((edgeCase) => [edgeCase.number, edgeCase.story, edgeCase] as const))(
    '%i: %s',
    (_number, _story, { id, expected, whenAllowed }) =>
      expect(evaluated(id)).toEqual(sorted(whenAllowed ?? expected)),
  );
});
