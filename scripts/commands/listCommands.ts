import { Plugin } from '@oclif/core';

/** What others build on: a command, its flags and their letters. */
export interface PromisedCommand {
  readonly command: string;
  readonly flags: readonly string[];
  readonly flagChars: readonly string[];
  readonly requiredFlags: readonly string[];
  readonly args: readonly string[];
}

/** Every command of the plugin as `npm run build` left it, sorted. */
export async function listCommands(root: string): Promise<PromisedCommand[]> {
  const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true });
  await plugin.load();
  return Object.values(plugin.manifest.commands)
    .map(({ id, flags, args }) => {
      const all = Object.entries(flags);
      return {
        command: id,
        flags: all.map(([name]) => name).toSorted(),
        flagChars: all.flatMap(([, { char }]) => (char === undefined ? [] : [char])).toSorted(),
        requiredFlags: all
          .filter(([, { required }]) => required === true)
          .map(([name]) => name)
          .toSorted(),
        args: Object.keys(args).toSorted(),
      };
    })
    .toSorted((a, b) => (a.command < b.command ? -1 : 1));
}
