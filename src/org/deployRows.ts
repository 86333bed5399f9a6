/** One row of what the org reports of a deploy. */
export interface DeployRow {
  readonly type: string;
  readonly fullName: string;
  readonly isSuccess: boolean;
  readonly state: 'Created' | 'Changed' | 'Unchanged' | 'Deleted' | 'Failed';
  readonly problem: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** A row as SOAP and REST send it: SOAP leaves every value a string, and a single row stands without its list. */
interface RawRow {
  readonly componentType?: string | undefined;
  readonly fullName: string;
  readonly success: boolean | string;
  readonly created?: boolean | string;
  readonly changed?: boolean | string;
  readonly deleted?: boolean | string;
  readonly problem?: string;
  readonly problemType?: string;
  readonly lineNumber?: string | number;
  readonly columnNumber?: string | number;
}

/** The rows of a deploy result. Source: Metadata API Developer Guide, "DeployMessage". */
export function deployRows(
  details: { readonly componentSuccesses?: unknown; readonly componentFailures?: unknown } | undefined,
): DeployRow[] {
  return [details?.componentSuccesses ?? [], details?.componentFailures ?? []]
    .flat()
    .map((row) => toRow(row as RawRow));
}

function toRow(row: RawRow): DeployRow {
  // A component that is not there to be deleted comes as a success with a warning.
  const isSuccess = isTrue(row.success) && (row.problem === undefined || row.problemType === 'Warning');
  const place = placeIn(row.problem ?? '');
  return {
    // The manifest itself is a row without a type. Bundles of components bear a namespace.
    type: typeof row.componentType === 'string' ? row.componentType : '',
    fullName: row.fullName.replace(/^markup:\/\/\w+:/, ''),
    isSuccess,
    state: !isSuccess
      ? 'Failed'
      : isTrue(row.created)
        ? 'Created'
        : isTrue(row.deleted)
          ? 'Deleted'
          : isTrue(row.changed)
            ? 'Changed'
            : 'Unchanged',
    problem: row.problem?.replace(placeInText, '') ?? null,
    line: place?.line ?? numberOf(row.lineNumber),
    column: place?.column ?? numberOf(row.columnNumber),
  };
}

/** A Lightning bundle has line and column in the text. Source: source-deploy-retrieve 13.7, `diagnosticUtil`. */
const placeInText = /^\[Line: (\d+), Col: (\d+)\] /;

function placeIn(problem: string): { line: number; column: number } | null {
  const [, line, column] = placeInText.exec(problem) ?? [];
  return line === undefined ? null : { line: Number(line), column: Number(column) };
}

const isTrue = (value: unknown): boolean => value === true || value === 'true';

const numberOf = (value: string | number | undefined): number | null =>
  value === undefined ? null : Number(value);
