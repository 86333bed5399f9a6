import { writeFile } from 'node:fs/promises';
import { Plugin } from '@oclif/core';

/** Writes what the CLI needs to list the plugin's commands without loading them (oclif.manifest.json). */
const root = process.cwd();
const plugin = new Plugin({
  root,
  ignoreManifest: true,
  errorOnManifestCreate: true,
  respectNoCacheDefault: true,
});
await plugin.load();
await writeFile(`${root}/oclif.manifest.json`, `${JSON.stringify(plugin.manifest, null, 2)}\n`);
