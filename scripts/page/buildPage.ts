import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
/** Rollup, LWC, the base components, SLDS 2 and a browser's driver: heavy, and for this page alone. */
const tools = join(root, 'test/tools/page');
const run = promisify(execFile);

const builtSchema = z.object({
  vendorDir: z.string(),
  appDir: z.string(),
  modules: z.record(z.string(), z.string()),
  bytes: z.object({ vendor: z.number(), app: z.number() }),
});

/** The page's files, and what the browser is told about them. */
export interface PageBundle {
  readonly vendorDir: string;
  readonly appDir: string;
  readonly styleSheet: string;
  /** Addresses of the modules by their names. */
  readonly modules: Readonly<Record<string, string>>;
  readonly bytes: { readonly vendor: number; readonly app: number };
}

/** Whether the tools are here, in the versions that their lock file names. */
export function areToolsInstalled(): boolean {
  const installed = join(tools, 'node_modules/.package-lock.json');
  return (
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(tools, 'package-lock.json')).mtimeMs
  );
}

export async function installTools(): Promise<void> {
  await run('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'], { cwd: tools });
}

/** Compiles the components as they are deployed, and bundles them with what the platform would bring. */
export async function buildPage(): Promise<PageBundle> {
  await run(process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    ...['-p', join(root, 'force-app/tsconfig.build.json')],
  ]);
  return bundlePage(join(root, 'force-app/main/default/lwc'));
}

/** Bundles components that have been compiled. */
export async function bundlePage(componentsDir: string): Promise<PageBundle> {
  const labels = join(root, 'force-app/main/default/labels/CustomLabels.labels-meta.xml');
  const { stdout, stderr } = await run(process.execPath, [
    join(tools, 'buildPage.ts'),
    componentsDir,
    labels,
  ]);
  process.stderr.write(stderr);
  const styleSheet = join(
    tools,
    'node_modules/@salesforce-ux/design-system-2/dist/css/bundled/slds2.cosmos.css',
  );
  return { ...builtSchema.parse(JSON.parse(stdout)), styleSheet };
}
