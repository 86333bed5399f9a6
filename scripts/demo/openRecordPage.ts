import { areToolsInstalled, buildPage, installTools, type PageBundle } from '../page/buildPage.ts';
import type { NamedCredential } from '../page/callout.ts';
import { createPageApp } from '../page/createPageApp.ts';
import { OrgAsUser } from '../page/orgAsUser.ts';
import { serveOnLoopback, type LoopbackServer } from '../serveOnLoopback.ts';
import type { LocalOrg } from './orgClient.ts';
import { count, reasonOf, step } from './progress.ts';
import type { SyncApi } from './syncApi.ts';

/**
 * Serves the record page and says where it is; what has to be stopped is added to `running`. Without its tools, and with
 * no way to get them, the demo goes on without it.
 */
export async function openRecordPage(
  org: LocalOrg,
  middleware: NamedCredential,
  api: SyncApi,
  running: Pick<LoopbackServer, 'stop'>[],
): Promise<{ page: string } | Record<string, never>> {
  try {
    if (!areToolsInstalled()) {
      await step("Install the page's tools", installTools, () => 'npm ci in test/tools/page');
    }
    const bundle = await step('Build the record page', buildPage, sizes);
    const page = await serveOnLoopback(
      createPageApp({
        org: new OrgAsUser(org.url),
        middleware,
        bundle,
        compare: async () => {
          await api.buildPlan(() => undefined);
        },
      }),
    );
    running.push(page);
    return { page: page.url };
  } catch (error) {
    process.stderr.write(`There is no record page: ${reasonOf(error)}\n`);
    return {};
  }
}

const sizes = ({ bytes }: PageBundle): string =>
  `components ${count(Math.round(bytes.app / 1024))} KB, Lightning ${count(Math.round(bytes.vendor / 1024))} KB`;
