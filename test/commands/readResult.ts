import { readFile } from 'node:fs/promises';
import { expect } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { SfJson, SfResult } from '../tools/sf/sf.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** What a verb printed with `--json`, held against the schema that the plugin ships. */
export async function readResult<Result>(verb: string, ran: SfResult): Promise<SfJson<Result>> {
  const answer = ran.json<Result>();
  expect(answer).toMatchObject({ status: ran.exitCode, result: {} });
  const schema = JSON.parse(await readFile(`schemas/sync-${verb}.json`, 'utf8')) as object;
  expect(ajv.validate(schema, answer.result) ? [] : ajv.errors).toEqual([]);
  // Progress is for people.
  expect(ran.stderr).toBe('');
  return answer;
}
