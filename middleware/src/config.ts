import { z } from 'zod';
import { SyncError } from './errors.ts';
import { scopes } from './contracts/index.ts';

const apiKeySchema = z
  .string()
  .regex(/^[\w-]{1,40}:[a-z+]+:[0-9a-f]{64}$/i, 'must read name:scope+scope:sha256')
  .transform((text) => {
    const [name = '', scopeList = '', sha256 = ''] = text.split(':');
    return { name, scopes: scopeList.split('+'), sha256: sha256.toLowerCase() };
  })
  .pipe(z.object({ name: z.string(), scopes: z.array(z.enum(scopes)), sha256: z.string() }));

/** An address that carries secrets: encrypted, or on this machine. */
const safeUrl = z
  .url({ error: 'must be an address such as https://example.my.salesforce.com' })
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname } = new URL(text);
    return (
      protocol === 'https:' ||
      (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
    );
  }, 'must begin with https:// (http:// only for this machine)');

const milliseconds = z.coerce.number().int().min(0);
const identifier = z.string().regex(/^[A-Za-z_]\w{0,127}$/, 'must be a plain name of letters, digits and _');

/** Every variable of the environment, with its default. Addresses and secrets live here and nowhere else. */
const environmentSchema = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address to listen on.'),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(3000)
    .describe('Port to listen on; 0 takes a free one.'),
  TRUSTED_PROXY_HOPS: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('Reverse proxies in front, whose X-Forwarded-For tells the address of a caller.'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  PROPERTY_SYNC_API_KEYS: z
    .string({ error: 'is not set' })
    .transform((text) =>
      text
        .split(',')
        .map((key) => key.trim())
        .filter((key) => key !== ''),
    )
    .pipe(z.array(apiKeySchema).min(1, 'needs at least one key'))
    .describe('Keys of the API, comma-separated: name:scope+scope:sha256-of-the-key.'),
  SALESFORCE_LOGIN_URL: safeUrl.describe("The org's own address."),
  SALESFORCE_CLIENT_ID: z
    .string({ error: 'is not set' })
    .min(1)
    .describe('Consumer key of the External Client App.'),
  SALESFORCE_CLIENT_SECRET: z
    .string()
    .optional()
    .describe('Its consumer secret (client-credentials flow); or a user and a private key.'),
  SALESFORCE_USERNAME: z.string().optional().describe('The integration user (JWT bearer flow).'),
  SALESFORCE_PRIVATE_KEY_FILE: z
    .string()
    .optional()
    .describe('File of the private key (PKCS #8) whose certificate the app holds.'),
  SALESFORCE_JWT_AUDIENCE: safeUrl
    .default('https://login.salesforce.com')
    .describe('Who the assertion is for: https://test.salesforce.com for a sandbox.'),
  SALESFORCE_API_VERSION: z
    .string()
    .regex(/^\d{2}\.0$/)
    .default('66.0'),
  SALESFORCE_TIMEOUT_MS: milliseconds
    .min(1)
    .default(120_000)
    .describe('Longest wait for one answer, in milliseconds.'),
  SALESFORCE_POLL_INTERVAL_MS: milliseconds
    .min(1)
    .default(2_000)
    .describe('Between two looks at a job, in milliseconds.'),
  DATA_DIR: z
    .string({ error: 'is not set' })
    .min(1)
    .describe('Directory of the embedded store and warehouse.'),
  DATABASE_URL: z.url().optional().describe('A PostgreSQL server in place of the embedded store.'),
  PROPERTY_SYNC_SETTINGS: z
    .string()
    .optional()
    .describe('File of settings (YAML): settings.example.yaml lists them all.'),
  WAREHOUSE: z
    .enum(['duckdb', 'databricks'])
    .default('duckdb')
    .describe('Where the source and the views live: embedded, or a SQL warehouse of Databricks.'),
  WAREHOUSE_SOURCE_DIR: z
    .string()
    .optional()
    .describe('Directory of source files that the embedded warehouse loads at the start.'),
  WAREHOUSE_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(128)
    .default(1_000)
    .describe('Memory of the embedded warehouse, in MB.'),
  WAREHOUSE_THREADS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(2)
    .describe('Threads of the embedded warehouse.'),
  DATABRICKS_HOST: z
    .string()
    .regex(/^[a-z0-9.-]+$/i, 'must be a host name such as example.cloud.databricks.com')
    .optional()
    .describe('Host of the workspace.'),
  DATABRICKS_PORT: z.coerce.number().int().min(1).max(65_535).default(443),
  DATABRICKS_HTTP_PATH: z
    .string()
    .startsWith('/', 'must begin with /')
    .optional()
    .describe('HTTP path of the SQL warehouse: /sql/1.0/warehouses/<id>.'),
  DATABRICKS_TOKEN: z.string().optional().describe('A personal access token; or a client id and secret.'),
  DATABRICKS_CLIENT_ID: z.string().optional().describe('Client id of a service principal (OAuth).'),
  DATABRICKS_CLIENT_SECRET: z.string().optional().describe('Its secret.'),
  DATABRICKS_CATALOG: identifier.default('crm').describe("Catalog of the product's own objects."),
  DATABRICKS_SCHEMA: identifier.default('property_sync').describe('Schema in it.'),
  DATABRICKS_VOLUME: identifier
    .optional()
    .describe('Volume of that schema through which large writes go as files; unset, they go as parameters.'),
  DATABRICKS_CA_FILE: z.string().optional().describe('Certificate authority of a proxy, as a PEM file.'),
  DATABRICKS_TIMEOUT_MS: milliseconds
    .min(1)
    .default(120_000)
    .describe('Longest wait for one answer, in milliseconds.'),
  DATABRICKS_STATEMENT_TIMEOUT_MS: milliseconds
    .min(1_000)
    .default(900_000)
    .describe('Longest time that the warehouse may work on one statement, in milliseconds.'),
  DATABRICKS_START_TIMEOUT_MS: milliseconds
    .min(1)
    .default(600_000)
    .describe('Longest wait for a warehouse that has to start first, in milliseconds.'),
  BUSINESS_CLOCK_START: z.iso
    .datetime()
    .optional()
    .transform((text) => (text === undefined ? null : new Date(text)))
    .describe('Where business time starts, as an ISO instant; unset is the time of the machine.'),
});

type Variable = keyof typeof environmentSchema.shape;

/**
 * What is missing among variables that are set, beyond what each of them says for itself: Salesforce needs one way to log
 * in, and a warehouse of Databricks an address and one way to log in.
 */
function problemsBetween(set: Readonly<Partial<Record<Variable, string | undefined>>>): [Variable, string][] {
  const problems: [Variable, string][] = [];
  if (set.SALESFORCE_PRIVATE_KEY_FILE === undefined) {
    if (set.SALESFORCE_CLIENT_SECRET === undefined)
      problems.push(['SALESFORCE_CLIENT_SECRET', 'is not set, nor SALESFORCE_PRIVATE_KEY_FILE']);
  } else if (set.SALESFORCE_CLIENT_SECRET !== undefined) {
    problems.push(['SALESFORCE_CLIENT_SECRET', 'is set beside SALESFORCE_PRIVATE_KEY_FILE: choose one']);
  } else if (set.SALESFORCE_USERNAME === undefined) problems.push(['SALESFORCE_USERNAME', 'is not set']);
  if (set.WAREHOUSE !== 'databricks') return problems;
  for (const name of ['DATABRICKS_HOST', 'DATABRICKS_HTTP_PATH'] as const) {
    if (set[name] === undefined) problems.push([name, 'is not set']);
  }
  if (set.DATABRICKS_TOKEN !== undefined) return problems;
  if (set.DATABRICKS_CLIENT_ID === undefined)
    problems.push(['DATABRICKS_TOKEN', 'is not set, nor DATABRICKS_CLIENT_ID']);
  else if (set.DATABRICKS_CLIENT_SECRET === undefined)
    problems.push(['DATABRICKS_CLIENT_SECRET', 'is not set']);
  return problems;
}

export type Config = z.infer<typeof environmentSchema>;

/** Reads the environment. Throws CONFIG_INVALID naming every unset or wrong variable, never a value. */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable is how shells and env files say "unset".
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = environmentSchema.safeParse(set);
  const between = problemsBetween(set);
  if (result.success && between.length === 0) return result.data;
  const details = [
    ...(result.error?.issues ?? []).map(({ path, message }) => `${path.map(String).join('.')}: ${message}`),
    ...between.map(([name, message]) => `${name}: ${message}`),
  ];
  throw new SyncError(
    'CONFIG_INVALID',
    `The environment is not complete or not right: ${details.join('; ')}.`,
    { details },
  );
}
