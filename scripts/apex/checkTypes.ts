import { execFile } from 'node:child_process';
import { relative } from 'node:path';
import { z } from 'zod';
import { findJava, findTool } from './apexTools.ts';
import type { Finding } from './finding.ts';

const report = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      messages: z.array(
        z.object({ start: z.object({ line: z.number() }), category: z.string(), message: z.string() }),
      ),
    }),
  ),
});

/**
 * Type-checks the Apex of the project in `root` with apex-ls: types, methods, variables, objects, fields and labels that
 * do not exist, wrong arguments, missing returns. It does not look at the fields of a query. The jar is an inner part of
 * Code Analyzer's engine for PMD and not an offer of its own: hence the pinned version and the planted faults in the tests.
 */
export async function checkTypes(root: string): Promise<Finding[]> {
  const jars = findTool('@salesforce/code-analyzer-pmd-engine/dist/java-lib');
  const main = 'io.github.apexdevtools.apexls.CheckForIssues';
  const output = await run(await findJava(), [
    ...['-cp', `${jars}/*`, main],
    // Without a cache, so that nothing is left behind and nothing old is believed.
    ...['-n', '-w', root, '-d', 'warnings', '-f', 'json'],
  ]);
  return report.parse(JSON.parse(output)).files.flatMap(({ path, messages }) =>
    messages.map(({ start, category, message }) => ({
      file: relative(root, path),
      line: start.line,
      rule: `types ${category}`,
      message,
    })),
  );
}

/** Standard output of a run that ended clean (0) or with findings (4). */
function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null || error.code === 4) resolve(stdout);
      else reject(new Error(`apex-ls failed: ${stderr || stdout || error.message}`, { cause: error }));
    });
  });
}
