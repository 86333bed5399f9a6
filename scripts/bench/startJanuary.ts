import { join } from 'node:path';
import { writeBaseline } from '../baseline/writeBaseline.ts';
import type { BenchContext } from './benchContext.ts';
import { startServices, type Services } from './startServices.ts';

/** The January baseline with its services, in a directory of that name. */
export async function startJanuary(name: string, context: BenchContext): Promise<Services> {
  const directory = await context.directory(name);
  const source = join(directory, 'baseline');
  context.say('writing the baseline');
  await writeBaseline({ outDir: source });
  context.say('starting org and middleware');
  return startServices({ directory, source, databaseServer: context.databaseServer });
}
