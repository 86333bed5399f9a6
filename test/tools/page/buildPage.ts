import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import lwc from '@lwc/rollup-plugin';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup, type Plugin, type RollupLog } from 'rollup';
import { iconLibraries, iconTemplates } from './iconTemplates.ts';
import { platformModules } from './platformModules.ts';

/*
 * Builds the record page of the compiled components: `node test/tools/page/buildPage.ts <components> <labels>`.
 * LWC and the base components change with their versions alone and take long: they are built once for each set of them.
 * Prints one JSON line: {vendorDir, appDir, modules, bytes}; `modules` tells the browser where each bare import is.
 */

const here = import.meta.dirname;
const dist = join(here, 'dist');
const browserDir = join(here, 'browser');
const base = join(here, 'node_modules/lightning-base-components');
/** There is no process in a browser. In development LWC says in the console what is wrong with a template. */
const forBrowser: Plugin = {
  name: 'for-browser',
  transform: (code) => ({
    code: code.replaceAll('process.env.NODE_ENV', '"development"').replaceAll('import.meta.env.SSR', 'false'),
    map: null,
  }),
};
/** The base components stand open for what is to come; of that, LWC has no attachInternals in a synthetic shadow. */
const closedGate: Plugin = {
  name: 'closed-gate',
  resolveId: (id) => (id.endsWith('.enableComboboxElementInternals') ? '\0closed-gate' : null),
  load: (id) => (id === '\0closed-gate' ? 'export default { isOpen: () => false };\n' : null),
};
const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
/** Bundles kept for those who may still serve them. */
const maxKept = 4;

const [componentsDir = '', labelsFile = ''] = process.argv.slice(2);
const components = globSync('*/*.{js,html,css}', { cwd: componentsDir }).sort();
if (!components.some((file) => file.endsWith('.js')))
  throw new Error(`${componentsDir} holds no compiled component: npm run -s build makes them.`);
const texts = await Promise.all(components.map((file) => readFile(join(componentsDir, file), 'utf8')));
const browserTexts = await readAll(
  globSync('*.js', { cwd: browserDir }).map((file) => join(browserDir, file)),
);
const builder = await readAll(
  globSync('*.ts', { cwd: here, exclude: ['*.test.ts'] }).map((file) => join(here, file)),
);
const lock = await readFile(join(here, 'package-lock.json'), 'utf8');

const vendorModules = ['lwc', '@lwc/synthetic-shadow', 'cometd', ...baseComponentsOf(texts)];
const vendorDir = join(dist, `vendor-${hashOf([lock, ...builder, ...vendorModules])}`);
await once(vendorDir, buildVendor);

const labels = labelsOf(await readFile(labelsFile, 'utf8'));
const appDir = join(
  dist,
  `app-${hashOf([vendorDir, ...components, ...texts, ...browserTexts, JSON.stringify(labels)])}`,
);
await once(appDir, buildApp);
await forgetOld('vendor-');
await forgetOld('app-');

const modules = Object.fromEntries([
  ...vendorModules.map((id) => [id, `/vendor/${fileOf(id)}`]),
  ...iconLibraries.map((id) => [id, `/app/${fileOf(id)}`]),
]) as Record<string, string>;
const bytes = { vendor: await sizeOf(vendorDir), app: (await stat(join(appDir, 'app.js'))).size };
process.stdout.write(`${JSON.stringify({ vendorDir, appDir, modules, bytes })}\n`);

async function buildVendor(outDir: string): Promise<void> {
  const entries = join(outDir, 'entries');
  await mkdir(entries, { recursive: true });
  for (const id of vendorModules) await writeFile(join(entries, fileOf(id)), reexportOf(id));
  const input = Object.fromEntries(
    vendorModules.map((id) => [fileOf(id).slice(0, -3), join(entries, fileOf(id))]),
  );
  await bundle(input, outDir, [
    external(iconLibraries),
    closedGate,
    ...lwcPlugins([{ npm: 'lightning-base-components' }], outDir),
  ]);
  await rm(entries, { recursive: true });
}

async function buildApp(outDir: string): Promise<void> {
  // The resolver wants folders namespace/name, and looks for npm packages from there upwards: copies, no links.
  const modulesDir = join(outDir, 'modules');
  for (const file of components) await cp(join(componentsDir, file), join(modulesDir, 'c', file));
  await cp(browserDir, join(outDir, 'browser'), { recursive: true });
  const input: Record<string, string> = { app: join(outDir, 'browser/main.js') };
  for (const id of iconLibraries) input[fileOf(id).slice(0, -3)] = `\0icons:${id}`;
  const baseTexts = await readAll(globSync(`${base}/src/lightning/{${usedFolders().join(',')}}/*.{js,html}`));
  await bundle(input, outDir, [
    external(vendorModules),
    platformModules({ labels, stubsDir: join(outDir, 'browser') }),
    iconTemplates(join(base, 'src/lightning'), { own: [...texts, ...browserTexts], base: baseTexts }),
    ...lwcPlugins([{ dir: modulesDir }, { npm: 'lightning-base-components' }], outDir),
  ]);
  await rm(modulesDir, { recursive: true });
  await rm(join(outDir, 'browser'), { recursive: true });
}

async function bundle(input: Record<string, string>, dir: string, plugins: Plugin[]): Promise<void> {
  const build = await rollup({ input, plugins, onwarn, preserveEntrySignatures: 'strict' }).catch(explain);
  await build.write({ dir, format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunk-[hash].js' });
  await build.close();
}

/** What is wrong, and in which file of ours; rollup's own error names every file that it has read. */
function explain(error: unknown): never {
  const { message, filename, location } = error as {
    message: string;
    filename?: string;
    location?: { line: number };
  };
  const file = filename?.split('/modules/c/').at(-1);
  const place = file === undefined ? '' : ` (${file}, line ${String(location?.line ?? 0)})`;
  process.stderr.write(`The page cannot be built: ${message}${place}\n`);
  process.exit(1);
}

function lwcPlugins(modules: ({ dir: string } | { npm: string })[], rootDir: string): Plugin[] {
  return [
    lwc({
      rootDir,
      modules,
      enableDynamicComponents: true,
      enableLwcOn: true,
      // No component, and written in newer JavaScript than a component may be.
      exclude: ['**/node_modules/cometd/**'],
    }),
    forBrowser,
    nodeResolve(),
  ];
}

/** In front of all others: the LWC plugin would find these modules itself. */
function external(ids: readonly string[]): Plugin {
  return {
    name: 'external',
    resolveId: (id) => (ids.includes(id) ? { id, external: true } : null),
  };
}

function reexportOf(id: string): string {
  if (id === '@lwc/synthetic-shadow') return `import '${id}';\n`;
  return id.startsWith('lightning/') ? `export { default } from '${id}';\n` : `export * from '${id}';\n`;
}

/** What the base components' own sources do not do the way rollup likes it. */
function onwarn(log: RollupLog): void {
  const isExpected =
    /LWC1(?:137|149|057|145)/.test(log.pluginCode?.toString() ?? '') ||
    ['CIRCULAR_DEPENDENCY', 'THIS_IS_UNDEFINED'].includes(log.code ?? '');
  if (!isExpected) process.stderr.write(`${log.message}\n`);
}

/** The base components that our templates and scripts name. */
function baseComponentsOf(sources: readonly string[]): string[] {
  const found = new Set<string>();
  for (const source of [...sources, ...browserTexts]) {
    for (const [, tag = ''] of source.matchAll(/<lightning-([a-z0-9-]+)/g))
      found.add(tag.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()));
    for (const [, name = ''] of source.matchAll(/from ['"]lightning\/(\w+)['"]/g)) found.add(name);
  }
  return [...found]
    .filter((name) => existsSync(join(base, 'src/lightning', name)))
    .sort()
    .map((name) => `lightning/${name}`);
}

/** The base components with those inside them that show icons. */
function usedFolders(): string[] {
  const own = vendorModules.flatMap((id) =>
    id.startsWith('lightning/') ? [id.slice('lightning/'.length)] : [],
  );
  return [
    'icon',
    'primitiveIcon',
    'primitiveBubble',
    'primitiveHeaderFactory',
    'primitiveCellFactory',
    ...own,
  ];
}

function labelsOf(xml: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, body = ''] of xml.matchAll(/<labels>(.*?)<\/labels>/gs)) {
    const valueOf = (tag: string): string => new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(body)?.[1] ?? '';
    labels[valueOf('fullName')] = unescapeXml(valueOf('value'));
  }
  return labels;
}

function unescapeXml(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

/** Fills a folder once; of several who do so at the same time the first one wins. */
async function once(directory: string, fill: (directory: string) => Promise<void>): Promise<void> {
  if (existsSync(directory)) {
    await utimes(directory, new Date(), new Date());
    return;
  }
  await mkdir(dist, { recursive: true });
  const fresh = await mkdtemp(join(dist, 'new-'));
  try {
    await fill(fresh);
    await rename(fresh, directory).catch((error: unknown) => {
      if (!existsSync(directory)) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function forgetOld(prefix: string): Promise<void> {
  const names = (await readdir(dist)).filter((name) => name.startsWith(prefix));
  const aged = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(dist, name))).mtimeMs })),
  );
  for (const { name } of aged.sort((a, b) => b.at - a.at).slice(maxKept))
    await rm(join(dist, name), { recursive: true, force: true });
}

async function sizeOf(directory: string): Promise<number> {
  const sizes = (await readdir(directory)).map(async (name) => (await stat(join(directory, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function readAll(files: readonly string[]): Promise<string[]> {
  return Promise.all(
    [...files].sort().map(async (file) => `${basename(file)}\n${await readFile(file, 'utf8')}`),
  );
}

function fileOf(id: string): string {
  return `${id.replace(/^@/, '').replaceAll('/', '-')}.js`;
}

function hashOf(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 12);
}
