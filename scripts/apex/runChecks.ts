import { MissingTool } from './apexTools.ts';
import { showFinding, type Finding } from './finding.ts';

/** Runs a check for the command line: writes what it found, and answers the exit code (0, 1, 69: a tool is missing). */
export async function runChecks(what: string, check: () => Promise<readonly Finding[]>): Promise<number> {
  try {
    const findings = await check();
    for (const finding of findings) process.stderr.write(showFinding(finding));
    if (findings.length > 0) return 1;
    process.stdout.write(`${what}: no fault\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof MissingTool)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 69;
  }
}
