/** What every benchmark is given. */
export interface BenchContext {
  /** A directory of its own, removed when all is done. */
  directory(name: string): Promise<string>;
  /** A PostgreSQL server that holds the store in place of the embedded one. */
  readonly databaseServer: string | null;
  /** Shows what is being done. */
  say(text: string): void;
}
