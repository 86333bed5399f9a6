import PropertySyncStatus from 'c/propertySyncStatus';
import getExplanation from '@salesforce/apex/PropertySyncController.getExplanation';
import getHistory from '@salesforce/apex/PropertySyncController.getHistory';
import getProperty from '@salesforce/apex/PropertySyncController.getProperty';
import getStatus from '@salesforce/apex/PropertySyncController.getStatus';
import { all, clear, one, show, textOf } from '../../../../../test/page';
import {
  answer,
  change,
  entry,
  explanation,
  member,
  now,
  ownId,
  property,
  recordId,
  siblingId,
  status,
  thrown,
} from '../../../../../test/samples';

jest.mock(
  '@salesforce/apex/PropertySyncController.getStatus',
  () => ({ __esModule: true, default: jest.fn() }),
  {
    virtual: true,
  },
);
jest.mock(
  '@salesforce/apex/PropertySyncController.getProperty',
  () => ({ __esModule: true, default: jest.fn() }),
  {
    virtual: true,
  },
);
jest.mock(
  '@salesforce/apex/PropertySyncController.getExplanation',
  () => ({ __esModule: true, default: jest.fn() }),
  {
    virtual: true,
  },
);
jest.mock(
  '@salesforce/apex/PropertySyncController.getHistory',
  () => ({ __esModule: true, default: jest.fn() }),
  {
    virtual: true,
  },
);

const explained = getExplanation as unknown as jest.Mock;
const history = getHistory as unknown as jest.Mock;
const group = getProperty as unknown as jest.Mock;
const settle = (afterMs = 0) => jest.advanceTimersByTimeAsync(afterMs);

async function open() {
  const members = [
    member({ state: 'drifted', changes: [change, { field: 'City__c', from: 'Bay City', to: null }] }),
    member({ rdsPropertyId: siblingId, name: 'Guarantor', isContributor: false }),
  ];
  (getStatus as unknown as jest.Mock).mockResolvedValue(
    answer({ status: status(members, { state: 'drifted' }) }),
  );
  const element = show('c-property-sync-status', PropertySyncStatus, { recordId });
  await settle();
  return element;
}

async function openSection(element: Element, ...openSections: string[]) {
  one(element, 'lightning-accordion').dispatchEvent(
    new CustomEvent('sectiontoggle', { detail: { openSections } }),
  );
  await settle();
}

async function expectAccessible(element: Element) {
  jest.useRealTimers();
  await expect(element).toBeAccessible();
}

beforeEach(() => {
  jest.useFakeTimers({ now: new Date(now) });
  for (const mock of [explained, history, group]) mock.mockReset();
  explained.mockResolvedValue(explanation());
  history.mockResolvedValue({ items: [entry()], nextCursor: null });
  group.mockResolvedValue(property());
});

afterEach(() => {
  clear();
  jest.useRealTimers();
});

describe('a value', () => {
  const explain = (element: Element, field: string) => one(element, `button[data-field="${field}"]`);

  it('stands beside what Salesforce shows', async () => {
    const element = await open();
    const rows = all(element, 'tbody tr');
    expect(textOf(rows[0])).toContain('ID Verification Enabled');
    expect(textOf(one(rows[0], '.product'))).toBe('Yes');
    expect(textOf(one(rows[0], '.salesforce'))).toBe('No Differs');
    expect(textOf(one(rows[1], '.product'))).toBe('empty');
    expect(textOf(one(rows[1], '.salesforce'))).toBe('Bay City Differs');
  });

  it('is explained by its rule and the property it comes from', async () => {
    const element = await open();
    const button = explain(element, 'ID_Verification_Enabled__c');
    expect(button.getAttribute('aria-expanded')).toBe('false');
    button.click();
    await settle();
    expect(button.getAttribute('aria-expanded')).toBe('true');
    expect(textOf(one(element, '.rule'))).toBe('On if any contributor of the group has ID verification on.');
    expect(textOf(one(element, '.contributor'))).toBe('Park Kennedy');
    expect(explained.mock.calls).toEqual([[{ recordId }]]);
    await expectAccessible(element);
  });

  it('can be closed, and is not asked for twice', async () => {
    const element = await open();
    explain(element, 'ID_Verification_Enabled__c').click();
    await settle();
    explain(element, 'ID_Verification_Enabled__c').click();
    await settle();
    expect(one(element, '.explanation')).toBeNull();
    explain(element, 'ID_Verification_Enabled__c').click();
    await settle();
    expect(explained).toHaveBeenCalledTimes(1);
  });

  it('says when it cannot be explained, and tries again', async () => {
    explained.mockRejectedValueOnce(thrown('WAREHOUSE_UNAVAILABLE', { action: 'Wait.' }));
    const element = await open();
    explain(element, 'ID_Verification_Enabled__c').click();
    await settle();
    expect(textOf(one(element, 'c-error-panel'))).toBe(
      'The explanation could not be read Said with WAREHOUSE_UNAVAILABLE. Wait.',
    );
    one(element, '.retry').click();
    await settle();
    expect(textOf(one(element, '.rule'))).toContain('On if any contributor');
  });

  it('says so where the explanation says nothing of it', async () => {
    const element = await open();
    explain(element, 'City__c').click();
    await settle();
    expect(one(element, '.explanation lightning-spinner')).toBeNull();
    expect(textOf(one(element, 'c-error-panel'))).toBe('The explanation could not be read');
    one(element, '.retry').click();
    await settle();
    expect(explained).toHaveBeenCalledTimes(2);
  });

  it('is waited for with a spinner, but not without end', async () => {
    explained.mockReturnValue(new Promise(() => undefined));
    const element = await open();
    explain(element, 'ID_Verification_Enabled__c').click();
    await settle();
    expect(one(element, '.explanation lightning-spinner')).not.toBeNull();
    await settle(20_000);
    expect(one(element, '.explanation lightning-spinner')).toBeNull();
    expect(one(element, 'c-error-panel')).not.toBeNull();
  });

  it('keeps its explanation while the state is read again', async () => {
    const element = await open();
    explain(element, 'ID_Verification_Enabled__c').click();
    await settle();
    one(element, '.refresh').click();
    await settle();
    expect(textOf(one(element, '.rule'))).toContain('On if any contributor');
    expect(explained).toHaveBeenCalledTimes(2);
  });
});

describe('the sections', () => {
  it('read nothing before they are opened, and each once', async () => {
    const element = await open();
    await openSection(element, 'contributors');
    await openSection(element, 'contributors', 'history');
    await openSection(element);
    await openSection(element, 'history');
    expect([group, history, explained].map((mock) => mock.mock.calls.length)).toEqual([1, 1, 0]);
  });

  it('understand one open section, which the platform gives as a text', async () => {
    const element = await open();
    const detail = { openSections: 'history' };
    one(element, 'lightning-accordion').dispatchEvent(new CustomEvent('sectiontoggle', { detail }));
    await settle();
    expect(one(element, 'c-sync-history')).not.toBeNull();
  });

  it('show who is in the group, with the features of each', async () => {
    const element = await open();
    await openSection(element, 'contributors');
    const [own, sibling] = all(element, '.member').map(textOf);
    expect(own).toContain('Park Kennedy Changed by hand This record');
    expect(own).toContain('ID Verification since Nov 10, 2025 Bank Linking');
    expect(own).not.toContain('Connected Payroll');
    expect(own).toContain('Contributes Yes');
    expect(own).toContain('Row in Salesforce None');
    expect(sibling).toContain('Kennedy Homes · DISABLED');
    expect(sibling).toContain('Contributes No');
    expect(sibling).toContain('No features');
    expect(one(element, '.member a').getAttribute('href')).toBe(
      `/lightning/r/Product_Property__c/${recordId}/view`,
    );
    await expectAccessible(element);
  });

  it('explain every value of a property and say what was found', async () => {
    const element = await open();
    await openSection(element, 'explanation');
    const section = one(element, 'c-sync-explanation');
    expect(all(section, '[data-finding]').map(textOf)).toEqual(['The id does not match. Correct the id.']);
    expect(all(section, 'tbody tr')).toHaveLength(2);
    expect(textOf(all(section, '.product')[1])).toBe('Nov 10, 2025');
    expect(all(section, '.differs')).toHaveLength(1);
    expect(textOf(section)).toContain('Product and Salesforce read now');
    expect(one(section, 'lightning-combobox')).toBeNull();
    one(section, 'button[data-field="ID_Verification_Start_Date__c"]').click();
    await settle();
    expect(textOf(one(section, '.contributor'))).toBe('Of the group as a whole, or of none');
    await expectAccessible(element);
  });

  it('let one choose whose values to explain', async () => {
    const both = explanation();
    both.members.push({ ...both.members[0]!, rdsPropertyId: siblingId, name: 'Guarantor', diagnosis: [] });
    explained.mockResolvedValue(both);
    const element = await open();
    await openSection(element, 'explanation');
    const choice = one(element, 'lightning-combobox');
    expect(choice.value).toBe(ownId);
    expect(choice.options).toHaveLength(2);
    choice.dispatchEvent(new CustomEvent('change', { detail: { value: siblingId } }));
    await settle();
    expect(textOf(one(one(element, 'c-sync-explanation'), 'caption'))).toBe('Guarantor');
    expect(textOf(one(element, '.nothing'))).toContain('No known cause');
  });

  it('show what was written, by whom and how it ended', async () => {
    const failed = entry({
      runId: 'r2',
      rdsPropertyId: siblingId,
      kind: 'create',
      operation: 'create',
      state: 'failed',
      actingUser: null,
      actor: 'schedule',
      changes: [],
      error: { class: 'transient', code: 'X', message: 'It timed out.', fields: [] },
    });
    history.mockResolvedValue({ items: [entry(), failed], nextCursor: null });
    const element = await open();
    await openSection(element, 'history');
    expect(all(element, '.entry').map(textOf)).toEqual([
      'Verified 2 hours ago Updated by a resync by Dana Smith · Park Kennedy ID Verification Enabled: No → Yes',
      'Failed 2 hours ago Created by schedule · Guarantor It timed out.',
    ]);
    expect(one(element, '.more')).toBeNull();
    await expectAccessible(element);
  });

  it('show more of the history on demand', async () => {
    history.mockResolvedValueOnce({ items: [entry()], nextCursor: 'c-2' });
    history.mockResolvedValueOnce({ items: [entry({ runId: 'r2' })], nextCursor: null });
    const element = await open();
    await openSection(element, 'history');
    one(element, '.more').click();
    one(element, '.more').click();
    await settle();
    expect(history.mock.calls).toEqual([[{ recordId, cursor: null }], [{ recordId, cursor: 'c-2' }]]);
    expect(all(element, '.entry')).toHaveLength(2);
    expect(one(element, '.more')).toBeNull();
  });

  it('say that nothing was written yet', async () => {
    history.mockResolvedValue({ items: [], nextCursor: null });
    const element = await open();
    await openSection(element, 'history');
    expect(textOf(one(element, 'c-sync-history'))).toBe('Nothing has been written yet.');
  });

  const failures: [string, () => jest.Mock, string, string][] = [
    ['contributors', () => group, 'c-sync-contributors', 'The properties of the group could not be read'],
    ['explanation', () => explained, 'c-sync-explanation', 'The explanation could not be read'],
    ['history', () => history, 'c-sync-history', 'The history could not be read'],
  ];
  it.each(failures)('%s: says what failed, and tries again', async (section, mock, shown, heading) => {
    mock().mockRejectedValueOnce(thrown('INTERNAL'));
    const element = await open();
    await openSection(element, section);
    expect(textOf(one(element, 'c-error-panel'))).toBe(`${heading} Said with INTERNAL.`);
    one(element, '.retry').click();
    await settle();
    expect(one(element, shown)).not.toBeNull();
    expect(one(element, 'c-error-panel')).toBeNull();
  });

  it.each(failures)('%s: never waits without end', async (section, mock) => {
    mock().mockReturnValue(new Promise(() => undefined));
    const element = await open();
    await openSection(element, section);
    expect(one(element, '.waiting lightning-spinner')).not.toBeNull();
    await settle(20_000);
    expect(one(element, '.waiting lightning-spinner')).toBeNull();
    expect(one(element, 'c-error-panel')).not.toBeNull();
  });

  it('are read again with the state', async () => {
    const element = await open();
    await openSection(element, 'contributors', 'history');
    one(element, '.refresh').click();
    await settle();
    expect([group, history, explained].map((mock) => mock.mock.calls.length)).toEqual([2, 2, 0]);
  });
});
