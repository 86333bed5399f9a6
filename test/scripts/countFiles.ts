/** Prints as JSON what is counted in the baseline files of a directory: `node countFiles.ts DIR NOW`. */
import { countBaseline } from './countBaseline.ts';
import { readBaseline } from './deriveBaseline.ts';
import { findFaults } from './findFaults.ts';

const [dir = '', now = ''] = process.argv.slice(2);
const baseline = await readBaseline(dir);
const counted = {
  ...countBaseline(baseline, Date.parse(now)),
  faults: findFaults(baseline, Date.parse(now)),
};
process.stdout.write(JSON.stringify(counted));
