import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../middleware/src/config.ts';

const sha256 = 'a'.repeat(64);
const environment = {
  PROPERTY_SYNC_API_KEYS: `ops:operate+read:${sha256}`,
  SALESFORCE_LOGIN_URL: 'https://example.my.salesforce.com',
  SALESFORCE_CLIENT_ID: 'id',
  SALESFORCE_CLIENT_SECRET: 'very-secret-value',
  DATA_DIR: './data',
};

const databricks = {
  WAREHOUSE: 'databricks',
  DATABRICKS_HOST: 'example.cloud.databricks.com',
  DATABRICKS_HTTP_PATH: '/sql/1.0/warehouses/abc',
  DATABRICKS_TOKEN: 'secret-token',
};

const refusal = (change: Record<string, string | undefined>): Error & { code: string; details: string[] } => {
  try {
    parseConfig({ ...environment, ...change });
  } catch (error) {
    return error as Error & { code: string; details: string[] };
  }
  throw new Error('The configuration was taken.');
};

describe('parseConfig', () => {
  it('fills in the defaults', () => {
    expect(parseConfig(environment)).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      SALESFORCE_API_VERSION: '66.0',
      BUSINESS_CLOCK_START: null,
      PROPERTY_SYNC_API_KEYS: [{ name: 'ops', scopes: ['operate', 'read'], sha256 }],
    });
  });

  it.each(Object.keys(environment))('names %s when it is not set, or empty', (name) => {
    for (const value of [undefined, '']) {
      const error = refusal({ [name]: value });
      expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
      expect(error.details.join()).toContain(name);
    }
  });

  it('takes a user and a private key in place of a secret, and not both', () => {
    const byKey = {
      SALESFORCE_CLIENT_SECRET: undefined,
      SALESFORCE_PRIVATE_KEY_FILE: 'key.pem',
      SALESFORCE_USERNAME: 'sync@example.com',
    };
    expect(parseConfig({ ...environment, ...byKey })).toMatchObject({
      SALESFORCE_JWT_AUDIENCE: 'https://login.salesforce.com',
    });
    expect(refusal({ ...byKey, SALESFORCE_USERNAME: '' }).details).toEqual([
      'SALESFORCE_USERNAME: is not set',
    ]);
    expect(refusal({ ...byKey, SALESFORCE_CLIENT_SECRET: 'very-secret-value' }).details).toEqual([
      'SALESFORCE_CLIENT_SECRET: is set beside SALESFORCE_PRIVATE_KEY_FILE: choose one',
    ]);
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['SALESFORCE_LOGIN_URL', 'http://example.my.salesforce.com'],
    ['SALESFORCE_LOGIN_URL', 'example.my.salesforce.com'],
    ['SALESFORCE_API_VERSION', '66'],
    ['PROPERTY_SYNC_API_KEYS', 'ops:operate:plain-key'],
    ['PROPERTY_SYNC_API_KEYS', `ops:everything:${sha256}`],
    ['PROPERTY_SYNC_API_KEYS', ' , '],
    ['BUSINESS_CLOCK_START', 'yesterday'],
    ['SALESFORCE_TIMEOUT_MS', '0'],
    ['DATABRICKS_HOST', 'https://example.cloud.databricks.com'],
    ['DATABRICKS_SCHEMA', 'a; drop schema b'],
    ['WAREHOUSE', 'snowflake'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(refusal({ [name]: value }).details.join()).toContain(name);
  });

  it.each(['DATABRICKS_HOST', 'DATABRICKS_HTTP_PATH', 'DATABRICKS_TOKEN'])(
    'names %s when Databricks is the warehouse and it is not set',
    (name) => {
      expect(refusal({ ...databricks, [name]: '' }).details).toEqual([
        expect.stringMatching(new RegExp(`^${name}: is not set`)),
      ]);
      expect(parseConfig({ ...environment, [name]: '' })).toMatchObject({ WAREHOUSE: 'duckdb' });
    },
  );

  it('takes a service principal in place of a token, but not half of one', () => {
    const login = { ...databricks, DATABRICKS_TOKEN: '', DATABRICKS_CLIENT_ID: 'principal' };
    expect(refusal(login).details).toEqual(['DATABRICKS_CLIENT_SECRET: is not set']);
    expect(parseConfig({ ...environment, ...login, DATABRICKS_CLIENT_SECRET: 'x' })).toMatchObject({
      DATABRICKS_CLIENT_ID: 'principal',
    });
  });

  it('allows plain http on this machine only', () => {
    expect(
      parseConfig({ ...environment, SALESFORCE_LOGIN_URL: 'http://127.0.0.1:6101' }).SALESFORCE_LOGIN_URL,
    ).toBe('http://127.0.0.1:6101');
  });

  it('never repeats a value, which may be a secret', () => {
    const error = refusal({ PROPERTY_SYNC_API_KEYS: 'the-plain-key', PORT: 'x' });
    expect(JSON.stringify([error.message, error.details])).not.toContain('the-plain-key');
    expect(JSON.stringify([error.message, error.details])).not.toContain('very-secret-value');
  });

  it('knows exactly the variables that .env.example lists', () => {
    const example = readFileSync('middleware/.env.example', 'utf8');
    const listed = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(
      [
        // Stands in place of a user and a key.
        'SALESFORCE_CLIENT_SECRET',
        ...Object.keys(
          parseConfig({
            ...environment,
            SALESFORCE_CLIENT_SECRET: undefined,
            SALESFORCE_USERNAME: 'x',
            SALESFORCE_PRIVATE_KEY_FILE: 'x',
            DATABASE_URL: 'postgres://localhost/x',
            WAREHOUSE_SOURCE_DIR: 'x',
            PROPERTY_SYNC_SETTINGS: 'x',
            ...databricks,
            DATABRICKS_CLIENT_ID: 'x',
            DATABRICKS_CLIENT_SECRET: 'x',
            DATABRICKS_CA_FILE: 'x',
            DATABRICKS_VOLUME: 'x',
          }),
        ),
      ].sort(),
    );
  });

  it('has the defaults that .env.example shows', () => {
    const example = readFileSync('middleware/.env.example', 'utf8');
    const shown = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(
      ([, name, value]) => [name, value] as const,
    );
    const defaults = new Map(Object.entries(parseConfig(environment)));
    for (const [name = '', value] of shown) {
      // What has no default is shown empty.
      const standard = name in environment ? '' : `${(defaults.get(name) as string | number | null) ?? ''}`;
      expect([name, value]).toEqual([name, standard]);
    }
  });
});
