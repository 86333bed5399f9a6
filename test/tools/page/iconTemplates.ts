import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'rollup';

const categories = ['Utility', 'Action', 'Standard', 'Doctype', 'Custom'];

/** What lightning/icon imports its drawings from, one module for each kind and direction of writing. */
export const iconLibraries = ['', 'Rtl'].flatMap((direction) =>
  categories.map((category) => `lightning/iconSvgTemplates${category}${direction}`),
);

const iconsIn = (sources: readonly string[]): string[] =>
  sources.flatMap((source) => source.match(/\b(?:utility|action|standard|doctype|custom):\w+/g) ?? []);

/**
 * Keeps the icons that the sources name: all 2,100 of them would take most of the build. A module `\0icons:<library>` is
 * such a library. An icon of our own that does not exist would show as nothing: it stops the build.
 */
export function iconTemplates(
  lightningDir: string,
  { own, base }: { own: readonly string[]; base: readonly string[] },
): Plugin {
  const names = new Set(iconsIn([...own, ...base]));
  const folderOf = (library: string, category: string): string =>
    join(lightningDir, library, 'buildTemplates', category);
  for (const name of iconsIn(own)) {
    const [category = '', icon = ''] = name.split(':');
    const library = `iconSvgTemplates${category.charAt(0).toUpperCase()}${category.slice(1)}`;
    if (!existsSync(join(folderOf(library, category), `${icon}.html`)))
      throw new Error(`There is no icon ${name}.`);
  }
  return {
    name: 'icon-templates',
    resolveId: (id) => (id.startsWith('\0icons:') ? id : null),
    load: (id) => {
      if (!id.startsWith('\0icons:')) return null;
      const library = id.slice('\0icons:lightning/'.length);
      const category = library.replace('iconSvgTemplates', '').replace('Rtl', '').toLowerCase();
      const folder = folderOf(library, category);
      const icons = [...names]
        .filter((name) => name.startsWith(`${category}:`))
        .map((name) => name.slice(category.length + 1))
        .filter((name) => existsSync(join(folder, `${name}.html`)))
        .sort();
      const imports = icons.map(
        (name, index) => `import icon${String(index)} from '${join(folder, name)}.html';`,
      );
      const entries = icons.map((name, index) => `${category}_${name}: icon${String(index)}`);
      return `${imports.join('\n')}\nexport default { ${entries.join(', ')} };\n`;
    },
  };
}
