import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { buildPage } from '../../../scripts/page/buildPage.ts';
import { openBrowser } from './openBrowser.ts';
import { openVisitor } from './openVisitor.ts';
import { sceneNames, startGallery } from './startGallery.ts';
import { startRecordPage } from './startRecordPage.ts';

/*
 * Takes the pictures of docs/record-page.md: `npx node test/tools/page/takePictures.ts [folder]`. States come from the
 * samples of the tests, the pages from a running org and middleware.
 */

const folder = process.argv[2] ?? join(import.meta.dirname, '../../../docs/pictures');
const parkKennedy = 'a01ZZ000001PKndYAG';
const componentWidth = 560;

await mkdir(folder, { recursive: true });
const building = buildPage();
const browser = await openBrowser();
try {
  await pictureStates(browser);
  await picturePages(browser);
} finally {
  await browser.close();
}

/** Each state as the component shows it in a column of a record page. */
async function pictureStates(browser: Browser): Promise<void> {
  const gallery = await startGallery(await building);
  const visitor = await openVisitor(browser, { url: gallery.url, secrets: [] });
  await visitor.page.setViewportSize({ width: componentWidth, height: 900 });
  for (const scene of sceneNames) {
    await visitor.page.goto(`${gallery.url}/${scene}`);
    const component = visitor.page.locator('c-property-sync-status');
    const spinners = component.locator('lightning-spinner');
    await component.locator('c-sync-state-badge').first().waitFor();
    if (scene !== 'loading') await spinners.first().waitFor({ state: 'detached' });
    await picture(`state-${scene}`, component);
  }
  await visitor.leave();
  await gallery.stop();
}

/** The way of Park Kennedy, as a newcomer goes it in the demo. */
async function picturePages(browser: Browser): Promise<void> {
  const service = await startRecordPage(building);
  const visitor = await openVisitor(browser, service);
  const { page } = visitor;
  const component = page.locator('c-property-sync-status');
  const details = page.locator('#details');

  await page.goto(service.url);
  await page.locator('[data-state-of]:not(:has(c-sync-state-badge))').first().waitFor({ state: 'detached' });
  await picture('list', page);

  await visitor.open(parkKennedy);
  await visitor.sees('Not in Salesforce yet');
  await picture('never-synced', page);

  // Salesforce takes its time with the write, so that there is one to be seen.
  await service.org.setFaults([
    { kind: 'slow', match: { method: 'POST', path: 'composite|sobjects/Product' }, delayMs: 4_000 },
  ]);
  await page.getByRole('button', { name: 'Resync', exact: true }).click();
  await component.getByText('Writing to Salesforce').waitFor();
  await forgetToasts(page);
  await picture('resync', page);
  await service.org.setFaults([]);
  await visitor.sees('Verified');
  await details.locator('[data-field="ID_Verification_Enabled__c"]').getByText('Yes').waitFor();
  await forgetToasts(page);
  await picture('verified', page);

  await details.getByRole('listitem').filter({ hasText: 'ACTIVE' }).getByRole('link').click();
  await visitor.sees('Verified');
  await page.getByRole('button', { name: 'Edit by hand' }).click();
  await page.getByLabel('City', { exact: true }).fill('Elsewhere');
  await page.getByLabel('Bank Linking Enabled').uncheck();
  await page.getByRole('button', { name: 'Save' }).click();
  await visitor.sees('Changed by hand');
  await component.locator('[data-row=City__c] button').click();
  await component.locator('.rule').waitFor();
  await forgetToasts(page);
  await picture('drifted', page);
  await visitor.turn('dark');
  await picture('drifted-dark', page);

  await visitor.leave();
  await service.stop();
}

async function forgetToasts(page: Page): Promise<void> {
  await page.locator('.slds-notify').evaluateAll((toasts: { remove(): void }[]) => {
    for (const toast of toasts) toast.remove();
  });
}

async function picture(name: string, of: Page | Locator): Promise<void> {
  await of.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}
