import PropertySyncStatus from 'c/propertySyncStatus';
import { faces } from 'c/syncStates';
import getExplanation from '@salesforce/apex/PropertySyncController.getExplanation';
import getHistory from '@salesforce/apex/PropertySyncController.getHistory';
import getProperty from '@salesforce/apex/PropertySyncController.getProperty';
import getStatus from '@salesforce/apex/PropertySyncController.getStatus';
import type { Face } from 'c/syncStates';
import type { MemberStatus, PropertyStatus, StatusAnswer } from 'types/propertySync';
import { all, clear, one, show, textOf } from '../../../../../test/page';
import {
  answer,
  answers,
  change,
  member,
  now,
  recordId,
  siblingId,
  status,
  thrown,
  without,
  type AnsweredFace,
} from '../../../../../test/samples';

jest.mock(
  '@salesforce/apex/PropertySyncController.getStatus',
  () => ({ __esModule: true, default: jest.fn() }),
  { virtual: true },
);
jest.mock(
  '@salesforce/apex/PropertySyncController.getProperty',
  () => ({ __esModule: true, default: jest.fn() }),
  { virtual: true },
);
jest.mock(
  '@salesforce/apex/PropertySyncController.getExplanation',
  () => ({ __esModule: true, default: jest.fn() }),
  { virtual: true },
);
jest.mock(
  '@salesforce/apex/PropertySyncController.getHistory',
  () => ({ __esModule: true, default: jest.fn() }),
  { virtual: true },
);
jest.mock(
  '@salesforce/apex/PropertySyncController.requestResync',
  () => ({ __esModule: true, default: jest.fn() }),
  { virtual: true },
);
jest.mock(
  '@salesforce/apex/PropertySyncController.getResync',
  () => ({ __esModule: true, default: jest.fn(() => new Promise(() => undefined)) }),
  { virtual: true },
);
jest.mock('@salesforce/customPermission/Property_Sync_Resync', () => ({ __esModule: true, default: true }), {
  virtual: true,
});

const status_ = getStatus as unknown as jest.Mock;
const settle = () => jest.advanceTimersByTimeAsync(0);

async function showAnswer(given: StatusAnswer) {
  status_.mockResolvedValue(given);
  const element = show('c-property-sync-status', PropertySyncStatus, {
    recordId,
    objectApiName: 'Product_Property__c',
  });
  await settle();
  return element;
}

const showStatus = (members: MemberStatus[], over: Partial<PropertyStatus> = {}) =>
  showAnswer(answer({ status: status(members, over) }));

const said = (element: Element, part: string) => textOf(one(element, `.${part}`));

beforeEach(() => {
  jest.useFakeTimers({ now: new Date(now) });
  status_.mockReset();
});

afterEach(() => {
  clear();
  jest.useRealTimers();
});

async function expectAccessible(element: Element) {
  jest.useRealTimers();
  await expect(element).toBeAccessible();
}

describe('each state', () => {
  const cases: [AnsweredFace, RegExp, RegExp][] = [
    ['verified', /shows what the product holds/, /Nothing to do/],
    ['syncing', /being written/, /follows it/],
    ['conflict', /Several rows/, /decide which row stays/],
    ['quarantined', /set aside/, /owner of the product data/],
    ['failed', /did not work/, /tries again by itself/],
    ['drifted', /Somebody changed/, /puts it right/],
    ['pending', /newer values/, /next sync writes it/],
    ['neverSynced', /no row in Salesforce yet/, /creates the row/],
    ['paused', /sync is paused/, /whoever paused/],
    ['excluded', /left out/, /owner of the product data/],
    ['unavailable', /is not known/, /asks again by itself/],
    ['noPermission', /not allowed/, /Property Sync Viewer/],
    ['notAProperty', /No property of the product/, /set its Salesforce id/],
    ['notPlanned', /not been compared/, /next sync compares it/],
  ];
  it.each(cases)(
    '%s: a badge with its word and icon, what it means and what to do',
    async (state, means, todo) => {
      const element = await showAnswer(answers[state]);
      const badge = one(element, 'c-sync-state-badge');
      expect(textOf(badge)).toBe(faces[state].word);
      expect(one(badge, 'lightning-icon').iconName).toBe(faces[state].icon);
      expect(said(element, 'means')).toMatch(means);
      expect(said(element, 'todo')).toMatch(todo);
      expect(textOf(element)).not.toContain('PropertySync_');
      await expectAccessible(element);
    },
  );

  it('has a case for every state', () => {
    expect([...cases.map(([state]) => state), 'loading'].sort()).toEqual(Object.keys(faces).sort());
  });

  const problems: [string, Face, RegExp, RegExp][] = [
    ['NOT_FOUND', 'notAProperty', /No property of the product/, /set its Salesforce id/],
    ['REQUEST_INVALID', 'notAProperty', /No property of the product/, /set its Salesforce id/],
    ['PLAN_MISSING', 'notPlanned', /not been compared/, /next sync compares it/],
    ['NO_PERMISSION', 'noPermission', /not allowed/, /Property Sync Viewer/],
    ['RECORD_NOT_FOUND', 'noPermission', /not allowed/, /Property Sync Viewer/],
    ['MIDDLEWARE_UNREACHABLE', 'unavailable', /is not known/, /asks again by itself/],
    ['INTERNAL', 'unavailable', /is not known/, /asks again by itself/],
  ];
  it.each(problems)('%s is shown as %s', async (code, face, means, todo) => {
    const element = await showAnswer(without(code));
    expect(textOf(one(element, 'c-sync-state-badge'))).toBe(faces[face].word);
    expect(said(element, 'means')).toMatch(means);
    expect(said(element, 'todo')).toMatch(todo);
    expect(one(element, '.resync')).toBeNull();
    expect(one(element, 'c-sync-details')).toBeNull();
    await expectAccessible(element);
  });

  it('says that it is loading, and nothing else yet', async () => {
    status_.mockReturnValue(new Promise(() => undefined));
    const element = show('c-property-sync-status', PropertySyncStatus, { recordId });
    await settle();
    expect(textOf(one(element, 'c-sync-state-badge'))).toBe('Loading');
    expect(one(element, 'lightning-spinner').alternativeText).toBe('Loading');
    expect(one(element, '.body').getAttribute('aria-busy')).toBe('true');
    await expectAccessible(element);
  });

  it('needs one call for the first paint', async () => {
    await showStatus([member({ state: 'drifted', changes: [change] })]);
    expect(status_.mock.calls).toEqual([[{ recordId }]]);
    for (const other of [getProperty, getExplanation, getHistory]) expect(other).not.toHaveBeenCalled();
  });

  it('shows a user without access to the class whom to ask', async () => {
    status_.mockRejectedValue({
      body: { message: "You do not have access to the Apex class named 'PropertySyncController'." },
    });
    const element = show('c-property-sync-status', PropertySyncStatus, { recordId });
    await settle();
    expect(textOf(one(element, 'c-sync-state-badge'))).toBe('No permission');
    expect(said(element, 'todo')).toMatch(/Property Sync Viewer/);
  });
});

describe('what is said of a state', () => {
  it('says when the next sync comes, with the moment on hover', async () => {
    const element = await showStatus([member({ state: 'drifted', changes: [change] })]);
    expect(said(element, 'next')).toBe('Next sync in 12 minutes');
    const time = one(one(element, '.next'), 'time');
    expect(time.getAttribute('datetime')).toBe('2026-01-05T12:12:00.000Z');
    expect(time.title).toBe('Monday, January 5, 2026 at 4:12:00 AM PST');
  });

  it('waits for Sync A where a row must be created', async () => {
    const element = await showStatus([member({ state: 'neverSynced', stagingIds: [] })]);
    expect(said(element, 'next')).toBe('Next sync in 20 minutes');
  });

  it('says who paused the sync and why', async () => {
    const pause = { at: now, by: 'ops', reason: 'a new mapping' };
    const schedules = [{ sync: 'B' as const, nextAt: null, pause }];
    const element = await showStatus([member({ state: 'paused' })], { schedules });
    expect(said(element, 'next')).toBe('Sync paused by ops: a new mapping');
  });

  it('says who paused one of the syncs while the other goes on', async () => {
    const pause = { at: now, by: 'ops', reason: 'a new mapping' };
    const nextAt = new Date(Date.parse(now) + 600_000).toISOString();
    const schedules = [
      { sync: 'A' as const, nextAt: null, pause },
      { sync: 'B' as const, nextAt, pause: null },
    ];
    const paused = await showStatus([member({ state: 'paused' })], { schedules });
    expect(said(paused, 'next')).toBe('Sync paused by ops: a new mapping');
    clear();
    const failed = await showStatus([member({ state: 'failed' })], { schedules });
    expect(said(failed, 'next')).toBe('Next sync in 10 minutes');
  });

  it.each(['conflict', 'quarantined', 'excluded', 'syncing'] as const)(
    'names no next sync where none would change anything: %s',
    async (state) => {
      const element = await showAnswer(answers[state]);
      expect(one(element, '.next')).toBeNull();
    },
  );

  it('says that nothing is scheduled, or due', async () => {
    const off = await showStatus([member()], { schedules: [{ sync: 'B', nextAt: null, pause: null }] });
    expect(said(off, 'next')).toBe('No sync is scheduled.');
    clear();
    const due = await showStatus([member()], {
      schedules: [{ sync: 'B', nextAt: '2026-01-05T11:59:59.000Z', pause: null }],
    });
    expect(said(due, 'next')).toBe('The next sync is due now.');
  });

  it('does not call a change of a moment ago a fault', async () => {
    const element = await showStatus([member({ state: 'pending', isInFlight: true, changes: [change] })]);
    expect(said(element, 'means')).toMatch(/changed a moment ago/);
  });

  it('says why a write failed and sends to the one who can mend it', async () => {
    const error = {
      class: 'permanentConfiguration',
      code: 'X',
      message: 'No access to City__c.',
      fields: ['City__c'],
    } as const;
    const element = await showStatus([member({ state: 'quarantined', error })]);
    expect(said(element, 'cause')).toBe('No access to City__c.');
    expect(said(element, 'todo')).toMatch(/Salesforce admin to mend the named field/);
  });

  it('sends to an admin where the login ran out', async () => {
    const error = { class: 'authentication', code: 'X', message: 'Expired.', fields: [] } as const;
    const element = await showStatus([member({ state: 'failed', error })]);
    expect(said(element, 'todo')).toMatch(/renew the login/);
  });

  it('names the reason of what is not synced', async () => {
    const element = await showStatus([member({ state: 'excluded', reasonCode: 'TEST_NAME' })]);
    expect(said(element, 'cause')).toBe('Its name marks it as a test property.');
    expect(one(element, '.next')).toBeNull();
  });

  it('links the rows that are in each other’s way', async () => {
    const element = await showStatus([member({ state: 'conflict', stagingIds: ['a13A', 'a13B'] })]);
    expect(all(element, '.conflicts a').map((link) => link.getAttribute('href'))).toEqual([
      '/lightning/r/Product_Property__c/a13A/view',
      '/lightning/r/Product_Property__c/a13B/view',
    ]);
  });

  it('says from when the data is', async () => {
    const element = await showStatus([member()]);
    expect(said(element, 'compared')).toBe('Data as of 12 minutes ago');
    expect(said(element, 'verified')).toBe('Last verified 2 hours ago');
    expect(said(element, 'fresh')).toBe('Newest data of the product 20 minutes ago');
    clear();
    const unknown = await showStatus([member({ lastVerifiedAt: null })], {
      dataAsOf: { planId: 'p', businessTime: now, sourceFreshAt: null },
    });
    expect(said(unknown, 'verified')).toBe('Not verified yet');
    expect(one(unknown, '.fresh')).toBeNull();
  });

  it('lets the times move on', async () => {
    const element = await showStatus([member({ state: 'drifted', changes: [change] })]);
    await jest.advanceTimersByTimeAsync(5 * 60_000);
    expect(said(element, 'next')).toBe('Next sync in 7 minutes');
    expect(status_).toHaveBeenCalledTimes(1);
  });

  it('reads the state again once a planned sync must have written', async () => {
    const element = await showStatus([member({ state: 'drifted', changes: [change] })]);
    status_.mockResolvedValue(answer());
    await jest.advanceTimersByTimeAsync(14 * 60_000);
    expect(status_).toHaveBeenCalledTimes(2);
    expect(textOf(one(element, 'c-sync-state-badge'))).toBe('Verified');
  });
});

describe('a group', () => {
  const sibling = member({
    rdsPropertyId: siblingId,
    name: 'Guarantor',
    lastVerifiedAt: '2026-01-05T09:00:00.000Z',
  });

  it('says when its members do not stand alike, the record’s own property first', async () => {
    const drifted = member({ ...sibling, state: 'drifted', changes: [change] });
    const element = await showStatus([drifted, member()], { state: 'drifted' });
    const members = one(element, 'c-sync-members');
    expect(said(members, 'summary')).toBe('The 2 properties of this group do not all stand alike.');
    expect(all(members, 'li').map(textOf)).toEqual([
      'Verified Park Kennedy This record',
      'Changed by hand Guarantor',
    ]);
    await expectAccessible(element);
  });

  it('shows five of many, what needs attention first, and where the others are', async () => {
    const many = Array.from({ length: 7 }, (_, index) =>
      member({ rdsPropertyId: `p-${index}`, name: `P${index}`, state: index === 6 ? 'failed' : 'verified' }),
    );
    const element = await showStatus(many, { rdsPropertyId: null, state: 'failed' });
    const members = one(element, 'c-sync-members');
    expect(all(members, 'li')).toHaveLength(5);
    expect(textOf(all(members, 'li')[0])).toBe('Failed P6');
    expect(said(members, 'more')).toBe('And 2 more, under "Properties in this group".');
  });

  it('has a table for each of the first three that differ', async () => {
    const members = ['a', 'b', 'c', 'd'].map((id) =>
      member({
        rdsPropertyId: id,
        name: id,
        state: 'drifted',
        changes: [change, { ...change, field: 'City__c' }],
      }),
    );
    const element = await showStatus(members, { rdsPropertyId: 'c' });
    expect(all(element, 'caption').map(textOf)).toEqual([
      'c: 2 fields differ',
      'a: 2 fields differ',
      'b: 2 fields differ',
    ]);
  });

  it('counts as verified since its oldest verification', async () => {
    const element = await showStatus([member(), sibling], { rdsPropertyId: null });
    expect(said(element, 'verified')).toBe('Last verified 3 hours ago');
    expect(one(element, 'c-sync-members')).toBeNull();
  });
});

describe('while nobody answers', () => {
  it('shows what Salesforce holds, with its age', async () => {
    const element = await showAnswer(without('MIDDLEWARE_UNREACHABLE', { reachable: false }));
    const held = textOf(one(element, 'c-sync-held-rows'));
    expect(held).toContain('Park Kennedy (ACTIVE)');
    expect(held).toContain('ID Verification since Nov 10, 2025');
    expect(held).not.toContain('Connected Payroll');
    expect(held).toContain('Written by the sync 2 hours ago');
    expect(all(element, '.cause').map(textOf)).toEqual(['Said with MIDDLEWARE_UNREACHABLE.']);
  });

  it('says so where Salesforce holds nothing', async () => {
    const element = await showAnswer(without('MIDDLEWARE_UNREACHABLE', { rows: [] }));
    expect(textOf(one(element, 'c-sync-held-rows'))).toContain('Salesforce holds no row');
  });

  it('never waits without end', async () => {
    status_.mockReturnValue(new Promise(() => undefined));
    const element = show('c-property-sync-status', PropertySyncStatus, { recordId });
    await jest.advanceTimersByTimeAsync(20_000);
    expect(textOf(one(element, 'c-sync-state-badge'))).toBe('No answer');
    expect(one(element, 'lightning-spinner')).toBeNull();
  });

  it('keeps the last known state, and comes back by itself', async () => {
    const element = await showStatus([member({ state: 'drifted', changes: [change] })]);
    status_.mockRejectedValue(thrown('MIDDLEWARE_UNREACHABLE'));
    one(element, '.refresh').click();
    await jest.advanceTimersByTimeAsync(0);
    expect(said(element, 'means')).toMatch(/last known state/);
    expect(said(element, 'last-known')).toBe('Last known state Changed by hand now');
    expect(textOf(one(element, 'c-sync-held-rows'))).toContain('Park Kennedy');
    await jest.advanceTimersByTimeAsync(4_000);
    expect(status_).toHaveBeenCalledTimes(2);
    status_.mockResolvedValue(answer());
    await jest.advanceTimersByTimeAsync(1_000);
    expect(status_).toHaveBeenCalledTimes(3);
    expect(textOf(one(element, 'c-sync-state-badge'))).toBe('Verified');
    await expectAccessible(element);
  });

  it('asks ever less often, and not for ever', async () => {
    await showAnswer(without('MIDDLEWARE_UNREACHABLE'));
    await jest.advanceTimersByTimeAsync(75_000);
    expect(status_).toHaveBeenCalledTimes(5);
    await jest.advanceTimersByTimeAsync(3 * 3_600_000);
    expect(status_).toHaveBeenCalledTimes(25);
  });

  it('tries again by hand', async () => {
    const element = await showAnswer(without('MIDDLEWARE_UNREACHABLE'));
    status_.mockResolvedValue(answer());
    one(element, '.refresh').click();
    await settle();
    expect(textOf(one(element, 'c-sync-state-badge'))).toBe('Verified');
  });

  it('shows the answer to the newest question', async () => {
    let answerFirst: (given: StatusAnswer) => void = () => undefined;
    status_.mockReturnValueOnce(new Promise((resolve) => (answerFirst = resolve)));
    status_.mockResolvedValue(answer());
    const element = show('c-property-sync-status', PropertySyncStatus, { recordId });
    element.recordId = 'a13ZZ000002PKguYAG';
    await settle();
    answerFirst(answer({ status: status([member({ state: 'failed' })]) }));
    await settle();
    expect(textOf(one(element, 'c-sync-state-badge'))).toBe('Verified');
    expect(status_.mock.lastCall).toEqual([{ recordId: 'a13ZZ000002PKguYAG' }]);
  });

  it('asks no more once it is gone', async () => {
    await showAnswer(without('MIDDLEWARE_UNREACHABLE'));
    clear();
    expect(jest.getTimerCount()).toBe(0);
    await jest.advanceTimersByTimeAsync(3_600_000);
    expect(status_).toHaveBeenCalledTimes(1);
  });
});
