import { parseArgs } from 'node:util';
import { DEFAULT_AUTOMATION } from './automation/automationSettings.ts';
import type { LocalOrgOptions } from './createLocalOrg.ts';

/** The help text. */
export const USAGE = `local-org [options]

  --port N               port on 127.0.0.1; 0 takes a free one (default 0)
  --schema DIR           SFDX source with the custom objects (default force-app); none: an org without any,
                         for a deploy to put them there
  --seed-dir DIR         folder with Product_Property__c.csv and Property__c.csv (default: an empty org)
  --now ISO              where the org's clock starts (default: now)
  --key-unique BOOLEAN   false: Product_Property__c.RDS_Property_ID__c is not unique, as in the January org
  --link-delay-ms N      delay until automation links a new row (default 300000)
  --client-id TEXT       with --client-secret: fixed credentials (default: random)
  --client-secret TEXT

Prints one line of JSON when ready: {url, accessToken, clientId, clientSecret, username, orgId}.`;

const OPTIONS = {
  port: { type: 'string', default: '0' },
  schema: { type: 'string', default: 'force-app' },
  'seed-dir': { type: 'string' },
  now: { type: 'string' },
  'key-unique': { type: 'string', default: 'true' },
  'link-delay-ms': { type: 'string', default: '300000' },
  'client-id': { type: 'string' },
  'client-secret': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** An argument that the org cannot start with. */
export class BadOption extends Error {}

function readNumber(name: string, text: string, max: number): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number) || number < 0 || number > max) {
    throw new BadOption(`--${name} must be a whole number from 0 to ${max}, not '${text}'.`);
  }
  return number;
}

/** Reads the arguments of the program. Throws {@link BadOption}, or what parseArgs throws. */
export function readOptions(args: readonly string[]): LocalOrgOptions | 'help' {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true });
  if (values.help) return 'help';
  const startMs = values.now === undefined ? undefined : Date.parse(values.now);
  if (Number.isNaN(startMs))
    throw new BadOption(`--now must be an ISO date and time, not '${values.now ?? ''}'.`);
  const isKeyUnique = values['key-unique'];
  if (isKeyUnique !== 'true' && isKeyUnique !== 'false')
    throw new BadOption('--key-unique must be true or false.');
  const clientId = values['client-id'];
  const clientSecret = values['client-secret'];
  if ((clientId === undefined) !== (clientSecret === undefined)) {
    throw new BadOption('--client-id and --client-secret come together.');
  }
  return {
    port: readNumber('port', values.port, 65_535),
    schemaDir: values.schema === 'none' ? null : values.schema,
    seedDir: values['seed-dir'],
    startMs,
    fieldOverlays:
      isKeyUnique === 'true' ? {} : { 'Product_Property__c.RDS_Property_ID__c': { unique: false } },
    automation: {
      ...DEFAULT_AUTOMATION,
      linkDelayMs: readNumber('link-delay-ms', values['link-delay-ms'], 86_400_000),
    },
    ...(clientId !== undefined && clientSecret !== undefined && { credentials: { clientId, clientSecret } }),
  };
}
