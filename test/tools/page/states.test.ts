import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { buildPage } from '../../../scripts/page/buildPage.ts';
import { openBrowser } from './openBrowser.ts';
import { openVisitor, type Visitor } from './openVisitor.ts';
import { sceneNames, startGallery } from './startGallery.ts';

const wide = { width: 1280, height: 800 };

let gallery: Awaited<ReturnType<typeof startGallery>>;
let browser: Browser;
let visitor: Visitor;
const component = () => visitor.page.locator('c-property-sync-status');

beforeAll(async () => {
  [gallery, browser] = await Promise.all([buildPage().then(startGallery), openBrowser()]);
  visitor = await openVisitor(browser, { url: gallery.url, secrets: [] });
}, 300_000);
afterAll(async () => {
  await browser.close();
  await gallery.stop();
});

/** Shows a state with everything opened that can be. */
async function openScene(scene: string): Promise<void> {
  const { page } = visitor;
  await page.goto(`${gallery.url}/${scene}`);
  await page.locator('c-sync-state-badge').first().waitFor();
  if (scene === 'loading') return;
  await component().locator('lightning-spinner').waitFor({ state: 'detached' });
  for (const section of await component().locator('.slds-accordion__summary-action').all())
    await section.click();
  for (const explain of await component().locator('button.explain').all()) await explain.click();
  await component().locator('lightning-spinner').first().waitFor({ state: 'detached' });
  const isOpen = await component().locator('c-sync-history').count();
  expect(isOpen).toBe(await component().locator('c-sync-details').count());
}

it.each(sceneNames)(
  '%s has no barriers in light and dark, draws its icons and fits a phone',
  async (scene) => {
    const { page } = visitor;
    await page.setViewportSize(wide);
    await openScene(scene);
    expect(await visitor.barriers()).toEqual([]);
    expect(await component().locator('lightning-icon svg > :not(use)').count()).toBeGreaterThan(0);
    await component()
      .locator('lightning-icon:not(:has(svg > :not(use)))')
      .first()
      .waitFor({ state: 'detached' });

    expect(await visitor.beyondPhone()).toEqual([]);
    expect(visitor.complaints).toEqual([]);
  },
);
