import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'rollup';

const scoped = /^@salesforce\/(apex|schema|label|user|customPermission|userPermission|client|i18n)\/(.+)$/;

/**
 * The modules that only the platform has. Those of `lightning/*` are files of `stubsDir`; those of `@salesforce/*` are made
 * here: labels by the package's metadata, whatever depends on the user by what the page was told.
 */
export function platformModules({
  labels,
  stubsDir,
}: {
  labels: Readonly<Record<string, string>>;
  stubsDir: string;
}): Plugin {
  return {
    name: 'platform-modules',
    resolveId: (id, importer) => {
      // The base components bring their own.
      if (importer?.includes('/lightning-base-components/') === true) return null;
      const stub = /^lightning\/(\w+)$/.exec(id)?.[1];
      if (stub !== undefined && existsSync(join(stubsDir, `${stub}.js`))) return join(stubsDir, `${stub}.js`);
      return scoped.test(id) ? `\0platform:${id}` : null;
    },
    load: (id) => {
      const [, kind, name = ''] = scoped.exec(id.replace('\0platform:', '')) ?? [];
      if (!id.startsWith('\0platform:') || kind === undefined) return null;
      return sourceOf(kind, name, labels, stubsDir);
    },
  };
}

function sourceOf(
  kind: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  stubsDir: string,
): string {
  const page = `import { page } from ${JSON.stringify(join(stubsDir, 'page.js'))};\n`;
  const constant = (value: unknown): string => `export default ${JSON.stringify(value)};\n`;
  switch (kind) {
    case 'apex':
      return `import { apexMethod } from ${JSON.stringify(join(stubsDir, 'apex.js'))};\nexport default apexMethod(${JSON.stringify(name)});\n`;
    case 'schema': {
      const [objectApiName, ...field] = name.split('.');
      return constant(
        field.length > 0 ? { objectApiName, fieldApiName: field.join('.') } : { objectApiName },
      );
    }
    case 'label': {
      const label = labels[name.replace(/^c\./, '')];
      if (label === undefined) throw new Error(`There is no label ${name} in the package.`);
      return constant(label);
    }
    case 'user':
      return `${page}export default page.userId;\n`;
    case 'i18n':
      // What an org in American English would say; times as the browser's clock has them.
      return name === 'timeZone'
        ? 'export default Intl.DateTimeFormat().resolvedOptions().timeZone;\n'
        : constant({ locale: 'en-US', lang: 'en-US', dir: 'ltr' }[name] ?? null);
    case 'client':
      return constant('Large');
    default:
      // As the platform does: true or undefined.
      return `${page}export default page.permissions.includes(${JSON.stringify(name)}) || undefined;\n`;
  }
}
