import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const folder = join(__dirname, '../main/default');
const read = (file: string) => readFileSync(file, 'utf8');
const sources = globSync('lwc/*/*.{ts,html,css}', { cwd: folder }).map((file) => join(folder, file));
const labels = [...read(join(folder, 'labels/CustomLabels.labels-meta.xml')).matchAll(/<fullName>(.*?)</g)]
  .map(([, name = '']) => name)
  .filter((name) => name.startsWith('PropertySync_'));
const imported = sources.flatMap((file) =>
  [...read(file).matchAll(/@salesforce\/label\/c\.(\w+)/g)].map(([, name = '']) => name),
);

it('has every label that a component shows, and none that is not shown', () => {
  expect(labels.length).toBeGreaterThan(100);
  expect([...new Set(imported)].sort()).toEqual([...labels].sort());
});

it('exposes the container alone', () => {
  const exposed = globSync('lwc/*/*.js-meta.xml', { cwd: folder }).filter((file) =>
    read(join(folder, file)).includes('<isExposed>true<'),
  );
  expect(exposed.map((file) => basename(dirname(file)))).toEqual(['propertySyncStatus']);
});

it('has the types of every component', () => {
  const components = globSync('lwc/*/*.ts', { cwd: folder }).map((file) => `c/${basename(file, '.ts')}`);
  const config = read(join(folder, '../../tsconfig.json'));
  expect([...config.matchAll(/"(c\/\w+)"/g)].map(([, name = '']) => name)).toEqual(components.sort());
});

it('shows text from labels alone, and no style of its own', () => {
  for (const file of sources.filter((source) => source.endsWith('.html'))) {
    const markup = read(file);
    const texts = markup
      .replace(/<[^>]*>/g, ' ')
      .replace(/\{[^}]*\}/g, ' ')
      .replace(/[\s().:·]/g, '');
    expect([file, texts]).toEqual([file, '']);
    expect(markup).not.toMatch(/\sstyle=|="[A-Z]/);
  }
});

it('takes its colours from styling hooks', () => {
  for (const file of sources.filter((source) => source.endsWith('.css'))) {
    const withoutHooks = read(file).replace(/var\(--slds-g-[\w-]+, [^)]+\)/g, '');
    expect([file, withoutHooks.match(/#[0-9a-f]{3,6}\b|rgb|hsl/gi)]).toEqual([file, null]);
  }
});

it('parts a text and the component behind it by a space that is kept: the compiler drops one with a line break', () => {
  for (const file of sources.filter((source) => source.endsWith('.html'))) {
    expect([file, read(file).match(/\}\s*\n\s*<c-/g)]).toEqual([file, null]);
  }
});
