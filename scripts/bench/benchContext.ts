/** What every benchmark is given. */
export interface BenchContext {
  /** A directory of its own, removed when all is done. */
  directory(name: string): Promise<string>;
  /** Shows what is being done. */
  say(text: string): void;
}
