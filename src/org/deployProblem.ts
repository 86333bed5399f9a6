/** One reason why a deploy was refused or failed, with what to do about it. */
export interface DeployProblem {
  readonly type: string;
  readonly fullName: string;
  readonly problem: string;
  readonly action: string;
  /** The file in the package, as `force-app/…`; empty when no file is to blame. */
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
}
