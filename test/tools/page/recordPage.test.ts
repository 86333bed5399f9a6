import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { buildPage, type PageBundle } from '../../../scripts/page/buildPage.ts';
import { openBrowser } from './openBrowser.ts';
import { openVisitor, type Visitor } from './openVisitor.ts';
import { startRecordPage, type RecordPage, type Trouble } from './startRecordPage.ts';

/** The production record of the Park Kennedy case (docs/domain.md §10). */
const parkKennedy = 'a01ZZ000001PKndYAG';
const activeId = 'a0000001-0000-4000-8000-000000000001';
/** No unavailable middleware is left alone for longer. */
const longestRetryMs = 60_000;

let bundle: PageBundle;
let service: RecordPage;
let browser: Browser;
let visitor: Visitor;

beforeAll(async () => {
  const building = buildPage();
  [bundle, service, browser] = await Promise.all([building, startRecordPage(building), openBrowser()]);
}, 300_000);
beforeEach(async () => {
  visitor = await openVisitor(browser, service);
});
afterEach(async () => {
  service.meet({ kind: 'none' });
  await service.org.setFaults([]);
  await service.startMiddleware();
  await visitor.leave();
  expect({ complaints: visitor.complaints, leaks: visitor.leaks }).toEqual({ complaints: [], leaks: [] });
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});

const resync = () => visitor.page.getByRole('button', { name: 'Resync', exact: true });
const component = () => visitor.page.locator('c-property-sync-status');
const detail = (field: string) => visitor.page.locator(`#details [data-field="${field}"]`);
const posts = () => service.requests.filter((request) => request.startsWith('POST')).length;

/** The row that the sync created for Park Kennedy. */
async function stagingId(): Promise<string> {
  const rows = await service.org.records('Product_Property__c', ['Id', 'RDS_Property_ID__c']);
  const row = rows.find((each) => each['RDS_Property_ID__c'] === activeId);
  return String(row?.['Id']);
}

describe('the case of Park Kennedy', () => {
  it('stands first in the list, not in Salesforce yet', async () => {
    await visitor.page.goto(service.url);
    const first = visitor.page.locator('tbody tr').first();
    await first.getByText('Not in Salesforce yet').waitFor();
    expect(await first.locator('th').innerText()).toBe('Park Kennedy');
    await visitor.page.getByText('Verified').first().waitFor();
    expect(await visitor.barriers()).toEqual([]);
    expect(await visitor.beyondPhone()).toEqual([]);
  });

  it('is found by its name', async () => {
    await visitor.page.goto(service.url);
    await visitor.page.getByLabel('Search by name').fill('k kenned');
    await visitor.page.keyboard.press('Enter');
    await visitor.page.getByRole('link', { name: 'Park Kennedy' }).first().click();
    await visitor.sees('Not in Salesforce yet');
  });

  it('is told with one call of Apex, within seconds', async () => {
    await visitor.open(parkKennedy);
    await visitor.sees('Not in Salesforce yet');
    expect(visitor.apexCalls).toEqual(['getStatus']);
    expect(bundle.bytes.app).toBeLessThan(250_000);
    process.stderr.write(
      `Components: ${String(bundle.bytes.app)} bytes; Lightning: ${String(bundle.bytes.vendor)} bytes\n`,
    );
    expect(await visitor.beyondPhone()).toEqual([]);
  });

  it('may be resynced by an operator alone', async () => {
    await visitor.open(parkKennedy, 'viewer');
    await visitor.sees('Not in Salesforce yet');
    expect(await resync().count()).toBe(0);
    const answer = await fetch(`${service.url}/apex/PropertySyncController.requestResync`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-as': 'viewer' },
      body: JSON.stringify({ recordId: parkKennedy, requestKey: 'viewer-tries-it' }),
    });
    expect(answer.status).toBe(500);
    expect(JSON.parse(((await answer.json()) as { message: string }).message)).toMatchObject({
      code: 'NO_PERMISSION',
    });
    expect(posts()).toBe(0);
  });

  it('goes from missing to verified by one click, told by the event', async () => {
    await visitor.open(parkKennedy);
    await visitor.sees('Not in Salesforce yet');
    expect(await detail('ID_Verification_Enabled__c').innerText()).toContain('No');
    await resync().dblclick();
    await visitor.sees('Verified');
    await component().getByText('Done. Every record was read back and is right.').waitFor();
    expect(visitor.heard).toEqual(expect.arrayContaining(['running', 'succeeded']));
    expect(posts()).toBe(1);
    // The org's own automation has linked the row, and the page has read its record again.
    await detail('ID_Verification_Enabled__c').getByText('Yes').waitFor();
    await visitor.page.getByText('Product Properties (2)').waitFor();
  });

  it('is shown in the history with who asked for it', async () => {
    await visitor.open(parkKennedy);
    await visitor.page.getByRole('button', { name: 'History' }).click();
    await component().getByText('Olive Operator').first().waitFor();
    await visitor.page.getByRole('button', { name: 'Properties in this group' }).click();
    await component().getByText('Contributes', { exact: true }).first().waitFor();
    await visitor.page.getByRole('button', { name: 'Why each value is what it is' }).click();
    await component().getByText('Product and Salesforce read').waitFor();
    expect(await visitor.barriers()).toEqual([]);
  });
});

describe('an edit by hand', () => {
  it('is drift that names each field, explained, and put right by a resync', async () => {
    const { page } = visitor;
    await visitor.open(await stagingId());
    await visitor.sees('Verified');
    await page.getByRole('button', { name: 'Edit by hand' }).click();
    await page.getByLabel('City', { exact: true }).fill('Elsewhere');
    await page.getByLabel('Bank Linking Enabled').uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await visitor.sees('Changed by hand');
    expect(await detail('City__c').innerText()).toContain('Elsewhere');
    const rows = component().locator('[data-row]');
    const names = (await rows.all()).map((row) => row.getAttribute('data-row'));
    expect((await Promise.all(names)).sort()).toEqual(['Bank_Linking_Enabled__c', 'City__c']);
    expect(await component().locator('[data-row=City__c] .salesforce').innerText()).toContain('Elsewhere');
    await component().locator('[data-row=City__c] button').click();
    await component().locator('.rule').waitFor();
    expect(await visitor.barriers()).toEqual([]);

    await resync().click();
    await visitor.sees('Verified');
    await detail('City__c').filter({ hasNotText: 'Elsewhere' }).waitFor();
    expect(await detail('Bank_Linking_Enabled__c').innerText()).toContain('Yes');
  });

  it('can be made and mended with the keyboard alone', async () => {
    const { page } = visitor;
    await visitor.open(await stagingId());
    await visitor.sees('Verified');
    await reach('Edit by hand');
    await page.keyboard.press('Enter');
    await page.locator('#edit-form').waitFor();
    await reach('Street');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('1 Nowhere Lane');
    await page.keyboard.press('Enter');
    await visitor.sees('Changed by hand');
    await reach('Resync');
    await page.keyboard.press('Enter');
    await visitor.sees('Verified');
    await reach('History');
    await page.keyboard.press('Enter');
    await component().getByText('Olive Operator').first().waitFor();
  });
});

describe('a middleware in trouble', () => {
  const problem = (status: number, code: string): Trouble => ({
    ...{ kind: 'answer', status },
    body: JSON.stringify({ code, detail: `Said with ${code}.`, action: 'Wait.', status }),
  });
  const html: Trouble = {
    kind: 'answer',
    status: 200,
    body: '<html>',
    headers: { 'content-type': 'text/html' },
  };
  const troubles: [string, Trouble, string][] = [
    ['is not there', { kind: 'unreachable' }, 'Property Sync did not answer.'],
    ['says nothing', { kind: 'silent' }, 'Property Sync did not answer.'],
    ['fails', problem(500, 'INTERNAL'), 'Said with INTERNAL.'],
    ['is overloaded', problem(503, 'NOT_READY'), 'Said with NOT_READY.'],
    ['does not know the key', problem(401, 'UNAUTHENTICATED'), 'Said with UNAUTHENTICATED.'],
    [
      'is a proxy',
      { kind: 'answer', status: 502, body: 'Bad gateway' },
      'Property Sync answered with status 502.',
    ],
    ['answers no JSON', html, 'Property Sync gave an answer that cannot be read.'],
    [
      'answers something else',
      { kind: 'answer', status: 200, body: '{"state":"fine"}' },
      'Property Sync gave an answer that cannot be read.',
    ],
  ];

  it.each(troubles)(
    'that %s: what Salesforce holds is shown, and it recovers by itself',
    async (_, trouble, says) => {
      await visitor.page.clock.install();
      service.meet(trouble);
      await visitor.open(parkKennedy);
      await visitor.sees('No answer');
      await component().getByText(says).waitFor();
      await component().getByText('What Salesforce itself holds').waitFor();
      expect(await component().locator('c-sync-held-rows li').count()).toBe(2);
      expect(await resync().count()).toBe(0);
      service.meet({ kind: 'none' });
      await visitor.page.clock.fastForward(longestRetryMs);
      await visitor.sees('Verified');
    },
  );

  it('that knows no such property: the record is said to be none', async () => {
    service.meet(problem(404, 'NOT_FOUND'));
    await visitor.open(parkKennedy);
    await visitor.sees('Not a property');
  });

  it('that is killed: the last known state with its age, and it recovers by itself', async () => {
    await visitor.open(parkKennedy);
    await visitor.sees('Verified');
    await service.killMiddleware();
    await visitor.page.getByRole('button', { name: 'Refresh' }).click();
    await visitor.sees('No answer');
    await component().locator('.last-known').getByText('Verified').waitFor();
    await service.startMiddleware();
    await visitor.sees('Verified');
    expect(await resync().isEnabled()).toBe(true);
  });

  it('that has been asked too often: the button comes back', async () => {
    await visitor.open(parkKennedy);
    await visitor.sees('Verified');
    service.meet({
      ...{ kind: 'answer', status: 429, on: /^POST/, headers: { 'retry-after': '2' } },
      body: JSON.stringify({ code: 'RATE_LIMITED', detail: 'Too many requests.', action: 'Wait.' }),
    });
    await resync().click();
    await component().getByText('Too many resyncs in a short time').waitFor();
    expect(await resync().isDisabled()).toBe(true);
    service.meet({ kind: 'none' });
    await component().locator('button:enabled', { hasText: 'Resync' }).waitFor();
    await resync().click();
    await component().getByText('Done. There was nothing to write.').waitFor();
  });

  it('whose answer to a resync is lost: the second click means the same one', async () => {
    await visitor.open(parkKennedy);
    await visitor.sees('Verified');
    const keys: string[] = [];
    visitor.page.on('request', (request) => {
      const body = request.postDataJSON() as { requestKey?: string } | null;
      if (body?.requestKey !== undefined) keys.push(body.requestKey);
    });
    service.meet({ kind: 'answer', status: 502, body: 'lost', on: /^POST/ });
    await resync().click();
    await component().locator('c-error-panel').waitFor();
    service.meet({ kind: 'none' });
    await resync().click();
    await component().getByText('Done. There was nothing to write.').waitFor();
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });
});

describe('the event stream', () => {
  const streamLost = [{ kind: 'resetBefore', match: { path: '^/cometd' } }];

  it('that never comes: the resync is followed all the same, and it is said', async () => {
    await service.org.setFaults(streamLost);
    await visitor.open(parkKennedy);
    await visitor.sees('Verified');
    await resync().click();
    await component().getByText('Done. There was nothing to write.').waitFor();
    expect(visitor.heard).toEqual([]);
  });

  it('that is lost on the way is taken up again by itself', async () => {
    await visitor.open(parkKennedy);
    await visitor.sees('Verified');
    await resync().click();
    await component().getByText('Done. There was nothing to write.').waitFor();
    expect(visitor.heard).toContain('succeeded');

    await service.org.setFaults(streamLost);
    await service.stirEvents();
    const lost = await visitor.page.waitForResponse(
      (response) => response.url().includes('/cometd/') && response.status() >= 400,
    );
    expect(lost.status()).toBe(502);
    await service.org.setFaults([]);
    await visitor.page.waitForResponse(async (response) => {
      const isStream = response.url().includes('/cometd/') && response.ok();
      return isStream && (await response.text()).includes('"subscription":"/event/Property_Sync__e"');
    });
    visitor.heard.length = 0;
    await resync().click();
    await visitor.page.waitForResponse(async (response) => {
      const isStream = response.url().includes('/cometd/') && response.ok();
      return isStream && (await response.text()).includes('"State__c":"succeeded"');
    });
    await component().getByText('Done. There was nothing to write.').waitFor();
  });
});

/** Presses Tab until the control of this name has the focus. */
async function reach(name: string): Promise<void> {
  const { page } = visitor;
  const nameOfFocused = (): Promise<string> =>
    page.evaluate(`(() => {
      let focused = document.activeElement;
      while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
      return focused?.labels?.[0]?.innerText ?? focused?.innerText ?? '';
    })()`);
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await nameOfFocused()).trim() === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${name} cannot be reached with the keyboard.`);
}
