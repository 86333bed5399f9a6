import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, type Options } from 'prettier';
import { findTool } from './apexTools.ts';
import type { Finding } from './finding.ts';
import { readApexFiles } from './readApexFiles.ts';

/** The style of Salesforce's own samples, at the width of this repository. */
const style: Options = { tabWidth: 4, printWidth: 110, trailingComma: 'none' };

/** Finds Apex that is not formatted, or cannot be parsed. With `isFixing` it formats the files instead. */
export async function checkFormat(root: string, { isFixing = false } = {}): Promise<Finding[]> {
  const plugins = [findTool('prettier-plugin-apex/dist/src/index.js')];
  const findings: Finding[] = [];
  for (const { file, text } of await readApexFiles(root)) {
    const finding = (message: string, line = 1): Finding => ({ file, line, rule: 'format', message });
    try {
      const formatted = await format(text, { ...style, plugins, filepath: join(root, file) });
      if (formatted === text) continue;
      if (isFixing) await writeFile(join(root, file), formatted);
      else
        findings.push(finding('Not formatted: run `npm run apex -- --fix`.', differingLine(text, formatted)));
    } catch (error) {
      findings.push(finding(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)));
    }
  }
  return findings;
}

function differingLine(text: string, formatted: string): number {
  const expected = formatted.split('\n');
  return text.split('\n').findIndex((line, index) => line !== expected[index]) + 1;
}
