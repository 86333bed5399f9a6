import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareStates, faces } from 'c/syncStates';
import SyncStateBadge from 'c/syncStateBadge';
import { clear, one, show, textOf } from '../../../../../test/page';

const root = join(__dirname, '../../../../../..');

afterEach(clear);

it('knows the states of the contract, in its order', () => {
  const contract = readFileSync(join(root, 'middleware/src/contracts/propertyStatus.ts'), 'utf8');
  const [, list = ''] = /export const syncStates = \[(.*?)\]/s.exec(contract) ?? [];
  const states = [...list.matchAll(/'(\w+)'/g)].map(([, state]) => state);
  expect(states.length).toBeGreaterThan(5);
  expect(Object.keys(faces).slice(0, states.length)).toEqual(states);
  expect(compareStates('conflict', 'verified')).toBeLessThan(0);
});

it('tells no two states apart by their colour alone', () => {
  const looks = Object.values(faces);
  expect(new Set(looks.map(({ word }) => word)).size).toBe(looks.length);
  expect(looks.every(({ icon }) => icon.startsWith('utility:'))).toBe(true);
});

it.each(Object.keys(faces) as (keyof typeof faces)[])('has a badge for %s', async (state) => {
  const badge = show('c-sync-state-badge', SyncStateBadge, { state });
  await Promise.resolve();
  expect(textOf(badge)).toBe(faces[state].word);
  expect(one(badge, '.badge').classList).toContain(`badge_${faces[state].tone}`);
  await expect(badge).toBeAccessible();
});
