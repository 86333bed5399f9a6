import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import type { RecordPage } from './startRecordPage.ts';

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
type Theme = 'light' | 'dark';
const phone = { width: 390, height: 844 };
/** What tests provoke, and what LWC has to say of base components, which are Salesforce's own. */
const expected = [/^Failed to load resource/, /\[LWC warn\].*\n<lightning-/];

interface AxeResults {
  readonly violations: readonly {
    id: string;
    impact: string;
    nodes: readonly { html: string; failureSummary: string }[];
  }[];
}

/** Somebody in front of a browser of her own, and what went on in it. */
export interface Visitor {
  readonly page: Page;
  /** Calls of Apex, by method. */
  readonly apexCalls: string[];
  /** Events that the page has heard, by their state. */
  readonly heard: string[];
  /** What the console complained about, failed requests left out. */
  readonly complaints: string[];
  /** Secrets that reached the browser. */
  readonly leaks: string[];
  /** Opens a record by its id, as the operator unless told otherwise. */
  open(recordId: string, as?: 'operator' | 'viewer'): Promise<void>;
  /** The word on the badge of the record. */
  state(): Promise<string>;
  /** Waits until the record has this state. */
  sees(state: string, timeoutMs?: number): Promise<void>;
  /** What axe finds in the light and in the dark, one line each. */
  barriers(): Promise<string[]>;
  /** What has a text that does not fit the width of a phone, one line each; leaves the page as wide. */
  beyondPhone(): Promise<string[]>;
  turn(theme: Theme): Promise<void>;
  leave(): Promise<void>;
}

/** Runs in the browser: which elements have a text of their own that reaches beyond the right edge. */
const beyond = (elements: readonly HtmlElement[]): string[] =>
  elements
    .filter((element) => {
      const { document, innerWidth } = globalThis as unknown as BrowserWindow;
      const range = document.createRange();
      return [...element.childNodes].some((child) => {
        range.selectNodeContents(child);
        return child.nodeType === 3 && range.getBoundingClientRect().right > innerWidth;
      });
    })
    .map(({ outerHTML }) => outerHTML.slice(0, 100));

export async function openVisitor(
  browser: Browser,
  { url, secrets }: Pick<RecordPage, 'url' | 'secrets'>,
): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const [apexCalls, heard, complaints, leaks]: string[][] = [[], [], [], []];
  page.on('request', (request) => {
    const method = /\/apex\/PropertySyncController\.(\w+)$/.exec(request.url())?.[1];
    if (method !== undefined) apexCalls?.push(method);
  });
  page.on('response', (response) => {
    if (/\.(?:js|css|svg)$/.test(response.url())) return;
    // A page that was left takes its answers along.
    response.text().then(
      (text) => {
        leaks?.push(...secrets.filter((secret) => text.includes(secret)));
        for (const [, state = ''] of text.matchAll(/"State__c":"(\w+)"/g)) heard?.push(state);
      },
      () => undefined,
    );
  });
  page.on('console', (message) => {
    const isProblem = ['error', 'warning'].includes(message.type());
    if (isProblem && !expected.some((each) => each.test(message.text()))) complaints?.push(message.text());
  });
  page.on('pageerror', (error) => complaints?.push(String(error)));

  const badge = page.locator('c-property-sync-status c-sync-state-badge').first();
  const turn = (theme: Theme): Promise<void> =>
    page.evaluate((isDark) => {
      const { classList } = (globalThis as unknown as { document: { documentElement: HtmlElement } }).document
        .documentElement;
      classList.toggle('slds-color-scheme--dark', isDark);
      classList.toggle('slds-color-scheme--light', !isDark);
    }, theme === 'dark');
  return {
    page,
    apexCalls: apexCalls ?? [],
    heard: heard ?? [],
    complaints: complaints ?? [],
    leaks: leaks ?? [],
    open: async (recordId, as = 'operator') => {
      await page.goto(`${url}/r/${recordId}?as=${as}`);
      await badge.waitFor();
    },
    state: () => badge.innerText(),
    sees: (state, timeout = 30_000) => badge.filter({ hasText: state }).waitFor({ timeout }),
    barriers: async () => {
      const found: string[] = [];
      await page.evaluate(await axeSource);
      for (const theme of ['dark', 'light'] as const) {
        await turn(theme);
        const { violations } = await page.evaluate(() =>
          (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
        );
        for (const { id, nodes } of violations)
          found.push(`${theme}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      }
      return found;
    },
    beyondPhone: async () => {
      await page.setViewportSize(phone);
      // Not by the document's own query: a synthetic shadow hides what it holds.
      return page
        .locator('body :not(script, option, .slds-assistive-text, .slds-assistive-text *)')
        .evaluateAll(beyond);
    },
    turn,
    leave: () => context.close(),
  };
}

interface BrowserWindow {
  readonly innerWidth: number;
  readonly document: {
    createRange(): {
      selectNodeContents(node: HtmlNode): void;
      getBoundingClientRect(): { readonly right: number };
    };
  };
}

interface HtmlNode {
  readonly nodeType: number;
}

interface HtmlElement extends HtmlNode {
  readonly outerHTML: string;
  readonly childNodes: Iterable<HtmlNode>;
  readonly classList: { toggle(name: string, isOn: boolean): void };
}
