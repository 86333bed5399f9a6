import { startProgram, type Program } from './startProgram.ts';

export const warehouseNames = ['duckdb', 'databricks-local'] as const;
export type WarehouseName = (typeof warehouseNames)[number];

/** What scripts/databricks-local prints when it is ready. */
interface DatabricksAccess {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly token: string;
  readonly caFile: string;
}

/** Starts what the middleware needs to meet its warehouse, filled with the baseline, and says how it is told of it. */
export async function startWarehouse(
  name: WarehouseName,
  baselineDirectory: string,
): Promise<{ program: Program<unknown> | null; environment: Record<string, string> }> {
  if (name === 'duckdb') {
    return { program: null, environment: { WAREHOUSE: name, WAREHOUSE_SOURCE_DIR: baselineDirectory } };
  }
  const program = await startProgram<DatabricksAccess>(
    'The local Databricks',
    'scripts/databricks-local/main.ts',
    { programArguments: ['--source-dir', baselineDirectory] },
  );
  const { host, port, path, token, caFile } = program.ready;
  return {
    program,
    environment: {
      WAREHOUSE: 'databricks',
      DATABRICKS_HOST: host,
      DATABRICKS_PORT: String(port),
      DATABRICKS_HTTP_PATH: path,
      DATABRICKS_TOKEN: token,
      DATABRICKS_CA_FILE: caFile,
      // Set in a shell, they would be the other warehouse's.
      WAREHOUSE_SOURCE_DIR: '',
      DATABRICKS_CLIENT_ID: '',
    },
  };
}
