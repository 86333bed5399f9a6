/** A fault in a file of the package. */
export interface Finding {
  /** Path from the root of the project. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** What found it, as a person would look it up: `format`, `types`, a rule of PMD, … */
  readonly rule: string;
  readonly message: string;
}

/** One line of text, of the form that editors and terminals make a link of. */
export function showFinding({ file, line, rule, message }: Finding): string {
  return `${file}:${line} ${rule}: ${message}\n`;
}
