import { createLocalOrg } from './createLocalOrg.ts';
import { readOptions, USAGE } from './readOptions.ts';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const org = createLocalOrg(options);
  const access = await org.start();
  process.stdout.write(`${JSON.stringify(access)}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void org.stop());
}

try {
  await main();
} catch (error) {
  process.stderr.write(`local-org: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
