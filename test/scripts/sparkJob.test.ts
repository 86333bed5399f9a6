import { beforeAll, describe, expect, it } from '@jest/globals';
import { warehouseTables } from '../../middleware/src/planning/warehouseTables.ts';
import type { SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import { allRelations, checkRelations } from '../../scripts/spark/relations.ts';
import { sparkJob, type SparkJob } from '../../scripts/spark/sparkJob.ts';
import { readProductSql } from '../sql/testWarehouse.ts';

let files: SqlFiles;
let job: SparkJob;
beforeAll(async () => {
  files = await readProductSql();
  const act = { name: 'loaded', statements: () => [], relations: allRelations(files), hasRows: false };
  job = sparkJob(files, [act], '/data');
});

const functionsOf = (text: string): string[] =>
  [...text.matchAll(/create or replace (?:macro|function) \$\{catalog\}\.\$\{schema\}\.(\w+)/g)].map(
    ([, name = '']) => name,
  );

describe('what Spark is told to do', () => {
  it('makes every table, view and snapshot, with the text of the product', () => {
    const statements = job.statements.map(({ sql }) => sql);
    for (const { name } of warehouseTables) {
      expect(statements).toContainEqual(
        expect.stringMatching(`^create table if not exists spark_catalog\\.property_sync\\.${name} `),
      );
    }
    for (const [name, text] of Object.entries({ ...files.seed, ...files.snapshots, ...files.views })) {
      if (name.startsWith('source_')) continue; // bound to other tables there
      const rendered = text
        .replaceAll('${catalog}', 'spark_catalog')
        .replaceAll('${schema}', 'property_sync');
      expect(statements).toContainEqual(expect.stringContaining(rendered));
    }
  });

  it('writes the rows of every relation, checks included', () => {
    const written = job.statements
      .filter(({ sql }) => sql.startsWith('insert overwrite'))
      .map(({ name }) => name.replace('loaded ', ''));
    expect(written).toEqual(allRelations(files).map(({ name }) => name));
    expect(written).toEqual(expect.arrayContaining(Object.keys(files.checks)));
    expect(checkRelations(files)).toHaveLength(Object.keys(files.checks).length);
  });

  it('leaves no placeholder and names no catalog but its own', () => {
    for (const { sql } of job.statements) {
      expect(sql).not.toContain('${');
      expect(sql).not.toMatch(/\b(crm|rds)\.\w+\./);
    }
  });

  it('has the ANSI mode and the time zone of the product', () => {
    expect(job.settings).toMatchObject({
      'spark.sql.ansi.enabled': 'true',
      'spark.sql.session.timeZone': 'UTC',
    });
  });

  it('has a function for each macro that is no builtin of Spark', () => {
    const builtins = [
      'explode',
      'collect_list',
      'sort_array',
      'array_join',
      'regexp_like',
      'get_json_object',
    ];
    expect(functionsOf(files.preludes.databricks).sort()).toEqual(
      functionsOf(files.preludes.duckdb)
        .filter((name) => !builtins.includes(name))
        .sort(),
    );
  });
});
