import type { SqlContext } from './runSql.ts';
import type { VolumeFiles } from './volumeFiles.ts';

/** Where statements run. */
export interface StatementPlace {
  readonly instance: SqlContext['instance'];
  readonly files: VolumeFiles;
  /** Tables and files that COPY INTO has brought together: it takes each file once. */
  readonly copied: Set<string>;
  /** Address of this server, before a path. */
  readonly baseUrl: () => string;
}
