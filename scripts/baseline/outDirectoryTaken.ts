/** The directory to write to holds files that are not a baseline; they are never overwritten. */
export class OutDirectoryTaken extends Error {
  constructor(outDir: string) {
    super(`${outDir} holds files that are not a baseline. Name a new or an empty directory.`);
    this.name = 'OutDirectoryTaken';
  }
}
