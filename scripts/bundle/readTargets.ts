import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { sourceViews } from '../../middleware/src/planning/sourceViews.ts';
import type { SourceNames } from '../../middleware/src/planning/sourceContract.ts';
import { bundleFile } from './bundleDirectory.ts';

/** The names of one target of the bundle, which the SQL files spell out. */
export interface BundleTarget {
  readonly name: string;
  readonly catalog: string;
  readonly schema: string;
  readonly sourceNames: SourceNames;
  /** Qualified names of the tables that the middleware reads, source views or not. */
  readonly sourceTables: readonly string[];
  readonly middlewarePrincipal: string;
  readonly readersGroup: string;
}

type Values = Readonly<Record<string, unknown>>;
interface BundleDocument {
  readonly variables: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly targets: Readonly<Record<string, { readonly variables?: Values }>>;
}

/** The targets of `databricks.yml`, each with its own values of the variables. */
export async function readTargets(): Promise<BundleTarget[]> {
  return toTargets(await readFile(bundleFile('databricks.yml'), 'utf8'));
}

/** The targets that the text of a `databricks.yml` describes. Throws where a name is missing. */
export function toTargets(text: string): BundleTarget[] {
  const { variables, targets } = parse(text) as BundleDocument;
  const defaults = Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [name, variable.default]),
  );
  return Object.entries(targets).map(([name, target]) =>
    toTarget(name, { ...defaults, ...target.variables }),
  );
}

function toTarget(name: string, values: Values): BundleTarget {
  const text = (variable: string): string => {
    const value = values[variable];
    if (typeof value === 'string') return value;
    throw new Error(`databricks.yml gives no text for the variable ${variable} of the target ${name}.`);
  };
  const columns = (values['source_columns'] ?? {}) as Readonly<Record<string, Record<string, string>>>;
  const strange = Object.keys(columns).filter((each) => !sourceViews.some(({ source }) => source === each));
  if (strange.length > 0) throw new Error(`source_columns names no source: ${strange.join(', ')}.`);
  const source = (variable: string, key: keyof SourceNames): SourceNames[keyof SourceNames] => ({
    table: text(variable),
    columns: columns[key] ?? {},
  });
  const sourceNames: SourceNames = {
    properties: source('properties_table', 'properties'),
    companies: source('companies_table', 'companies'),
    wideFeatures: source('wide_features_table', 'wideFeatures'),
  };
  return {
    name,
    catalog: text('catalog'),
    schema: text('schema'),
    sourceNames,
    sourceTables: [
      ...Object.values(sourceNames).map(({ table }) => table),
      text('property_feature_events_table'),
    ],
    middlewarePrincipal: text('middleware_principal'),
    readersGroup: text('readers_group'),
  };
}
