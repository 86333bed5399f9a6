import PropertySyncStatus from 'c/propertySyncStatus';
import getResync from '@salesforce/apex/PropertySyncController.getResync';
import getStatus from '@salesforce/apex/PropertySyncController.getStatus';
import requestResync from '@salesforce/apex/PropertySyncController.requestResync';
import * as empApi from 'lightning/empApi';
import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import type { Resync } from 'types/propertySync';
import { all, clear, one, show, textOf } from '../../../../../test/page';
import {
  answer,
  change,
  groupKey,
  member,
  now,
  recordId,
  resync,
  resyncId,
  siblingId,
  status,
  thrown,
  written,
} from '../../../../../test/samples';

jest.mock(
  '@salesforce/apex/PropertySyncController.getStatus',
  () => ({ __esModule: true, default: jest.fn() }),
  {
    virtual: true,
  },
);
jest.mock(
  '@salesforce/apex/PropertySyncController.requestResync',
  () => ({ __esModule: true, default: jest.fn() }),
  {
    virtual: true,
  },
);
jest.mock(
  '@salesforce/apex/PropertySyncController.getResync',
  () => ({ __esModule: true, default: jest.fn() }),
  {
    virtual: true,
  },
);
jest.mock('@salesforce/customPermission/Property_Sync_Resync', () => ({ __esModule: true, default: true }), {
  virtual: true,
});

// The mock in force-app/test/jest-mocks has more than Salesforce's types tell.
const { publish, breakStream, subscriberCount, forgetSubscribers, isEmpEnabled, subscribe } = empApi as any;
const asked = getStatus as unknown as jest.Mock;
const requested = requestResync as unknown as jest.Mock;
const read = getResync as unknown as jest.Mock;
const notified = notifyRecordUpdateAvailable as unknown as jest.Mock;

const settle = (afterMs = 0) => jest.advanceTimersByTimeAsync(afterMs);
const drifted = answer({ status: status([member({ state: 'drifted', changes: [change] })]) });
const running = resync({ state: 'running', stage: 'writing' });
const succeeded = resync({ state: 'succeeded', members: [written] });
const event = (state: string, over: Record<string, string> = {}) =>
  publish('/event/Property_Sync__e', {
    Group_Key__c: groupKey,
    Resync_ID__c: resyncId,
    State__c: state,
    Occurred_At__c: now,
    ...over,
  });

let toasts: { title: string; message: string; variant: string }[];

async function open(given = drifted) {
  asked.mockResolvedValue(given);
  const element = show('c-property-sync-status', PropertySyncStatus, { recordId });
  element.addEventListener('lightning__showtoast', ({ detail }: CustomEvent) => toasts.push(detail));
  await settle();
  return element;
}

/** A resync that was accepted, and has not been looked at yet. */
async function openAndClick() {
  const element = await open();
  button(element).click();
  await settle();
  return element;
}

const button = (element: Element) => one(element, '.resync');
const progress = (element: Element) => textOf(one(element, '[role="status"]'));
const steps = (element: Element) => all(element, '.step').map(textOf);
const badge = (element: Element) => textOf(one(element, '.state c-sync-state-badge'));

beforeEach(() => {
  jest.useFakeTimers({ now: new Date(now) });
  for (const mock of [asked, requested, read, notified]) mock.mockReset();
  isEmpEnabled.mockReset().mockResolvedValue(true);
  notified.mockResolvedValue(undefined);
  requested.mockResolvedValue(resync());
  read.mockResolvedValue(resync());
  toasts = [];
});

afterEach(() => {
  clear();
  forgetSubscribers();
  jest.useRealTimers();
});

describe('asking', () => {
  it('goes from accepted to writing to verified, live', async () => {
    const element = await open();
    let accept: (given: Resync) => void = () => undefined;
    requested.mockReturnValue(new Promise((resolve) => (accept = resolve)));
    button(element).click();
    await settle();
    expect(progress(element)).toBe('Asking for the resync…');
    expect(steps(element)).toEqual(['Accepted : now', 'Writing : waiting', 'Verified : waiting']);
    expect(button(element).disabled).toBe(true);
    expect(badge(element)).toBe('Changed by hand');

    accept(resync());
    await settle();
    expect(progress(element)).toBe('Accepted. It starts in a moment.');
    expect(badge(element)).toBe('Syncing');
    expect(textOf(one(element, '.means'))).toBe('This property is being written to Salesforce now.');
    expect(textOf(one(element, '.by'))).toBe('Asked for by Dana Smith');

    read.mockResolvedValue(running);
    event('running');
    await settle();
    expect(progress(element)).toBe('Writing to Salesforce…');
    expect(steps(element)).toEqual(['Accepted : done', 'Writing : now', 'Verified : waiting']);
    expect(one(element, '[aria-current="step"]')).not.toBeNull();

    read.mockResolvedValue(succeeded);
    let answerStatus: (given: unknown) => void = () => undefined;
    asked.mockReturnValue(new Promise((resolve) => (answerStatus = resolve)));
    event('succeeded');
    await settle();
    expect(progress(element)).toBe('Done. Every record was read back and is right.');
    expect(badge(element)).toBe('Syncing');
    answerStatus(answer());
    await settle();
    expect(badge(element)).toBe('Verified');
    expect(button(element).disabled).toBe(false);
    expect(toasts.map(({ title, variant }) => [title, variant])).toEqual([
      ['Resync requested', 'info'],
      ['Resync verified', 'success'],
    ]);
    expect(notified).toHaveBeenCalledWith([{ recordId }]);
    jest.useRealTimers();
    await expect(element).toBeAccessible();
  });

  it('takes a double click as one', async () => {
    const element = await open();
    button(element).click();
    button(element).click();
    await settle();
    expect(requested).toHaveBeenCalledTimes(1);
  });

  it('sends a key of 8 to 128 characters, and another one for another click', async () => {
    read.mockResolvedValue(succeeded);
    const element = await openAndClick();
    button(element).click();
    await settle();
    const keys = requested.mock.calls.map(([{ requestKey }]) => requestKey);
    expect(requested.mock.calls[0]).toEqual([{ recordId, requestKey: keys[0] }]);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(keys).size).toBe(2);
  });

  it('keeps the key while it is not known whether the request arrived', async () => {
    requested.mockRejectedValueOnce(thrown('MIDDLEWARE_UNREACHABLE'));
    const element = await openAndClick();
    button(element).click();
    await settle();
    const [first, second] = requested.mock.calls.map(([{ requestKey }]) => requestKey);
    expect(second).toBe(first);
  });

  it('says so when nobody answers, and lets the user ask again', async () => {
    requested.mockReturnValue(new Promise(() => undefined));
    const element = await openAndClick();
    await settle(20_000);
    expect(textOf(one(element, 'c-error-panel'))).toContain('Asking again is safe: it counts once.');
    expect(button(element).disabled).toBe(false);
  });

  it('follows a resync that ended before it was asked for', async () => {
    requested.mockResolvedValue(succeeded);
    const element = await openAndClick();
    expect(progress(element)).toContain('Done.');
    expect(read).not.toHaveBeenCalled();
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('is offered to those alone who may', async () => {
    expect(button(await open(answer({ canResync: false })))).toBeNull();
  });
});

describe('being refused', () => {
  const cases: [string, Record<string, unknown>, RegExp][] = [
    ['NO_PERMISSION', {}, /Property Sync Operator/],
    ['FORBIDDEN', {}, /Property Sync Operator/],
    [
      'SYNC_PAUSED',
      { message: 'Sync B was paused by ops: a new mapping' },
      /nothing is written\. Sync B was paused by ops/,
    ],
    ['RUN_CONFLICT', {}, /being written already/],
    [
      'SALESFORCE_API_LIMIT',
      { action: 'Wait until calls are free.' },
      /Said with SALESFORCE_API_LIMIT\. Wait until/,
    ],
    ['RATE_LIMITED', { retryAfterSeconds: 120 }, /The button comes back in 2 minutes\./],
  ];
  it.each(cases)('%s is said in words', async (code, over, text) => {
    requested.mockRejectedValue(thrown(code, over));
    const element = await openAndClick();
    expect(textOf(one(element, 'c-error-panel'))).toMatch(text);
    expect(toasts).toEqual([expect.objectContaining({ title: 'Resync did not work', variant: 'error' })]);
    expect(progress(element)).toBe('');
    expect(badge(element)).toBe('Changed by hand');
    jest.useRealTimers();
    await expect(element).toBeAccessible();
  });

  it('shows what an error of the platform says', async () => {
    requested.mockRejectedValue({ body: { message: 'Read timed out' } });
    expect(textOf(one(await openAndClick(), 'c-error-panel'))).toContain('Read timed out');
  });

  it('takes a new key after a refusal', async () => {
    requested.mockRejectedValueOnce(thrown('RUN_CONFLICT'));
    const element = await openAndClick();
    button(element).click();
    await settle();
    const [first, second] = requested.mock.calls.map(([{ requestKey }]) => requestKey);
    expect(second).not.toBe(first);
    expect(one(element, 'c-error-panel')).toBeNull();
  });

  it('gives the button back when the time is over', async () => {
    requested.mockRejectedValue(thrown('RATE_LIMITED', { retryAfterSeconds: 30 }));
    const element = await openAndClick();
    await settle(29_000);
    expect(button(element).disabled).toBe(true);
    await settle(1_000);
    expect(button(element).disabled).toBe(false);
    expect(one(element, 'c-error-panel')).toBeNull();
  });

  it('waits a minute where no time is named', async () => {
    requested.mockRejectedValue(thrown('RATE_LIMITED'));
    const element = await openAndClick();
    await settle(59_000);
    expect(button(element).disabled).toBe(true);
    await settle(1_000);
    expect(button(element).disabled).toBe(false);
  });
});

describe('ending', () => {
  async function endWith(ended: Resync) {
    read.mockResolvedValue(ended);
    return openAndClick();
  }

  it('says that there was nothing to write', async () => {
    const element = await endWith(resync({ state: 'succeeded', members: [{ ...written, state: null }] }));
    expect(progress(element)).toBe('Done. There was nothing to write.');
  });

  it('says how much is right, and what is not', async () => {
    const failed = {
      ...written,
      rdsPropertyId: siblingId,
      name: 'Guarantor',
      state: 'failed' as const,
      error: { class: 'permanentData' as const, code: 'X', message: 'No such state.', fields: [] },
    };
    const element = await endWith(resync({ state: 'partiallySucceeded', members: [written, failed] }));
    expect(progress(element)).toBe('Partly done: 1 of 2 properties are right.');
    expect(textOf(one(element, 'c-error-panel'))).toContain('Guarantor: No such state.');
    expect(toasts.at(-1)).toMatchObject({ title: 'Resync partly done', variant: 'warning' });
  });

  it('says that it failed, why, and what to do', async () => {
    const error = {
      code: 'SOURCE_STALE',
      message: 'The source is old.',
      action: 'Wait for the ingest.',
      details: [],
    };
    const element = await endWith(resync({ state: 'failed', error }));
    expect(progress(element)).toContain('did not work');
    expect(textOf(one(element, 'c-error-panel'))).toContain('The source is old. Wait for the ingest.');
    expect(steps(element)).toEqual(['Accepted : done', 'Writing : failed', 'Verified : waiting']);
    expect(toasts.at(-1)).toMatchObject({ title: 'Resync did not work', variant: 'error' });
    jest.useRealTimers();
    await expect(element).toBeAccessible();
  });

  it('names the stages of a resync that is running', async () => {
    const element = await endWith(resync({ state: 'running', stage: 'planning' }));
    expect(progress(element)).toBe('Comparing the product with Salesforce…');
    read.mockResolvedValue(resync({ state: 'running', stage: 'verifying' }));
    event('running');
    await settle();
    expect(progress(element)).toBe('Reading the records back…');
    expect(steps(element)).toEqual(['Accepted : done', 'Writing : done', 'Verified : now']);
  });
});

describe('being followed', () => {
  it('shows a resync that somebody else asked for, without a toast', async () => {
    const others = status([member({ state: 'syncing' })], {
      resync: { resyncId, state: 'queued', stage: null, createdAt: now, actingUser: 'Kim' },
    });
    read.mockResolvedValue(resync({ actingUser: 'Kim' }));
    const element = await open(answer({ status: others }));
    expect(textOf(one(element, '.by'))).toBe('Asked for by Kim');
    read.mockResolvedValue(succeeded);
    event('succeeded');
    await settle();
    expect(progress(element)).toContain('Done.');
    // The status, being older, still names it: it is not followed once more.
    expect(read).toHaveBeenCalledTimes(2);
    expect(toasts).toEqual([]);
  });

  it('hears of a resync that began elsewhere', async () => {
    const element = await open();
    read.mockResolvedValue(running);
    event('running');
    await settle();
    expect(progress(element)).toBe('Writing to Salesforce…');
  });

  it('is deaf to other groups', async () => {
    await open();
    event('running', { Group_Key__c: 'a01ZZ000009OtherYAG' });
    await settle();
    expect(read).not.toHaveBeenCalled();
  });

  it('asks from time to time where there are no events', async () => {
    isEmpEnabled.mockResolvedValue(false);
    const element = await openAndClick();
    expect(subscribe).not.toHaveBeenCalledTimes(0);
    expect(textOf(one(element, '.polling'))).toContain('asks from time to time');
    const readings = read.mock.calls.length;
    await settle(1_000);
    expect(read).toHaveBeenCalledTimes(readings + 1);
    read.mockResolvedValue(succeeded);
    await settle(4_000);
    expect(progress(element)).toContain('Done.');
    expect(one(element, '.polling')).toBeNull();
  });

  it('asks ever less often, ten seconds at most', async () => {
    isEmpEnabled.mockResolvedValue(false);
    await openAndClick();
    const at: number[] = [];
    read.mockImplementation(async () => {
      at.push(Date.now() - Date.parse(now));
      return running;
    });
    await settle(60_000);
    const gaps = at.map((time, index) => time - (at[index - 1] ?? 0)).slice(1);
    expect(gaps).toEqual([...gaps].sort((left, right) => left - right));
    expect(Math.max(...gaps)).toBe(10_000);
  });

  it('asks when the stream is lost, and hears again when it is back', async () => {
    const element = await openAndClick();
    breakStream();
    await settle();
    expect(subscriberCount()).toBe(0);
    expect(one(element, '.polling')).not.toBeNull();
    const readings = read.mock.calls.length;
    await settle(3_000);
    expect(read.mock.calls.length).toBeGreaterThan(readings);
    await settle(2_000);
    expect(subscriberCount()).toBe(1);
    expect(one(element, '.polling')).toBeNull();
    read.mockResolvedValue(succeeded);
    event('succeeded');
    await settle();
    expect(progress(element)).toContain('Done.');
  });

  it('reads the state again when the stream is back', async () => {
    const element = await open();
    breakStream();
    asked.mockResolvedValue(answer());
    await settle(5_000);
    expect(badge(element)).toBe('Verified');
  });

  it('takes up a subscription that was refused', async () => {
    subscribe.mockRejectedValueOnce(new Error('no access'));
    await open();
    expect(subscriberCount()).toBe(0);
    await settle(5_000);
    expect(subscriberCount()).toBe(1);
  });

  it('goes on where a reading fails or never comes', async () => {
    const element = await openAndClick();
    read.mockRejectedValueOnce(thrown('MIDDLEWARE_UNREACHABLE'));
    read.mockReturnValueOnce(new Promise(() => undefined));
    read.mockResolvedValue(succeeded);
    await settle(10_000 + 10_000 + 15_000 + 10_000);
    expect(progress(element)).toContain('Done.');
  });

  it('stops watching after three minutes and says so; a late event still counts', async () => {
    read.mockResolvedValue(running);
    const element = await openAndClick();
    await settle(180_000);
    expect(progress(element)).toContain('It goes on by itself');
    expect(button(element).disabled).toBe(false);
    const readings = read.mock.calls.length;
    await settle(60_000);
    expect(read).toHaveBeenCalledTimes(readings);
    read.mockResolvedValue(succeeded);
    event('succeeded');
    await settle();
    expect(progress(element)).toContain('Done.');
  });
});

describe('going away', () => {
  it('leaves no subscription and no timer', async () => {
    await openAndClick();
    expect(subscriberCount()).toBe(1);
    clear();
    await settle();
    expect(subscriberCount()).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('leaves no subscription when it goes while one is made', async () => {
    let enable: (isEnabled: boolean) => void = () => undefined;
    isEmpEnabled.mockReturnValue(new Promise((resolve) => (enable = resolve)));
    await open();
    clear();
    enable(true);
    await settle();
    expect(subscriberCount()).toBe(0);

    isEmpEnabled.mockResolvedValue(true);
    let subscribed: () => void = () => undefined;
    const usual = subscribe.getMockImplementation();
    subscribe.mockImplementationOnce(async (...given: unknown[]) => {
      await new Promise<void>((resolve) => (subscribed = resolve));
      return usual(...given);
    });
    await open();
    clear();
    subscribed();
    await settle();
    expect(subscriberCount()).toBe(0);
  });

  it('says nothing of what was asked for before it went', async () => {
    let accept: (given: Resync) => void = () => undefined;
    requested.mockReturnValue(new Promise((resolve) => (accept = resolve)));
    const element = await openAndClick();
    clear();
    accept(resync());
    await settle(60_000);
    expect(toasts).toEqual([]);
    expect(read).not.toHaveBeenCalled();
    expect(element.isConnected).toBe(false);
  });

  it('shows another record afresh', async () => {
    const element = await openAndClick();
    asked.mockResolvedValue(answer());
    element.recordId = 'a13ZZ000002PKguYAG';
    await settle();
    expect(progress(element)).toBe('');
    expect(badge(element)).toBe('Verified');
    expect(subscriberCount()).toBe(1);
  });
});
