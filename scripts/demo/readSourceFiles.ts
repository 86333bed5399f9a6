import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { features, wideTablePrefixes, type Feature } from '../../middleware/src/contracts/index.ts';
import type {
  SourceCompany,
  SourceFeature,
  SourceFeatureRow,
  SourceProperty,
} from '../../middleware/src/planning/sourceRows.ts';

type CsvRow = Readonly<Record<string, string | null>>;

export interface SourceFiles {
  readonly properties: readonly SourceProperty[];
  readonly companies: readonly SourceCompany[];
  readonly featureRows: readonly SourceFeatureRow[];
}

/** Reads the raw source of a baseline directory, past the warehouse and its views. */
export async function readSourceFiles(directory: string): Promise<SourceFiles> {
  return {
    properties: await readCsv(join(directory, 'properties.csv'), toProperty),
    companies: await readCsv(join(directory, 'companies.csv'), toCompany),
    featureRows: await readCsv(join(directory, 'product_property_w_features.csv'), toFeatureRow),
  };
}

async function readCsv<Value>(path: string, toValue: (row: CsvRow) => Value): Promise<Value[]> {
  // An empty field is NULL, `""` is the empty text.
  const parser = parse({
    columns: true,
    cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
  });
  const values: Value[] = [];
  for await (const row of createReadStream(path).pipe(parser) as AsyncIterable<CsvRow>)
    values.push(toValue(row));
  return values;
}

const toProperty = (row: CsvRow): SourceProperty => ({
  id: row['id'] ?? '',
  name: row['name'] ?? null,
  address: row['address'] ?? null,
  city: row['city'] ?? null,
  state: row['state'] ?? null,
  zip: row['zip'] ?? null,
  status: row['status'] ?? null,
  companyId: row['company_id'] ?? null,
  shortId: row['short_id'] ?? null,
  sfdcId: row['sfdc_id'] ?? null,
  insertedAt: instant(row['inserted_at']),
  updatedAt: instant(row['updated_at']),
  isDeleted: row['_fivetran_deleted'] === 'true',
});

const toCompany = (row: CsvRow): SourceCompany => ({
  id: row['id'] ?? '',
  name: row['name'] ?? null,
  isDeleted: row['_fivetran_deleted'] === 'true',
});

const toFeatureRow = (row: CsvRow): SourceFeatureRow => ({
  propertyId: row['property_id'] ?? null,
  productPropertyId: row['product_property_id'] ?? null,
  features: Object.fromEntries(
    features.map((feature): [Feature, SourceFeature] => {
      const prefix = wideTablePrefixes[feature];
      return [
        feature,
        {
          isEnabled: row[`${prefix}_enabled`] === 'true',
          enabledAt: instant(row[`${prefix}_enabled_at`]),
          updatedAt: instant(row[`${prefix}_updated_at`]),
        },
      ];
    }),
  ) as Record<Feature, SourceFeature>,
});

const instant = (text: string | null | undefined): Date | null => (text == null ? null : new Date(text));
