import { describe, expect, it } from '@jest/globals';
import { isTestName } from '../../../middleware/src/planning/testName.ts';

describe('isTestName', () => {
  it.each([
    'Test',
    'test property',
    'Maple Court TEST',
    'Demo',
    'Sample House',
    'staging',
    'QA',
    'Dev 2',
    'Sandbox',
    'Training Site',
    'dummy',
    'Fake Street',
    'Temp',
    'DO NOT USE',
    'delete me',
    'Remove',
    'Maple (duplicate)',
    'maple-test-2',
    'qa_2',
    'test/one',
  ])('sees a test word in "%s"', (name) => expect(isTestName(name)).toBe(true));

  it.each([
    'Devon Court',
    'Contest Hall',
    'Testament Place',
    'Sampler Row',
    'Demopolis',
    'Temple Gardens',
    'Qatar House',
    'Tests',
    'Test2',
    'Redo Nothing',
    'Donot',
    'Do Nothing',
    'Removed',
    'Attesté',
    'Maple Court',
  ])('sees none in "%s"', (name) => expect(isTestName(name)).toBe(false));

  it('sees none where there is no name', () => expect(isTestName(null)).toBe(false));
});
