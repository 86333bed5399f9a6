import type { Feature } from '../contracts/fieldMap.ts';

/** A value as the warehouse or Salesforce gives it, before any rule has looked at it. */
export type RawValue = string | number | bigint | boolean | Date | null;

/** A row of the RDS properties table, soft-deleted ones included (docs/domain.md §3.1). Times are instants. */
export interface SourceProperty {
  readonly id: string;
  readonly name: string | null;
  readonly address: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly zip: string | null;
  readonly status: string | null;
  readonly companyId: string | null;
  readonly shortId: string | null;
  readonly sfdcId: string | null;
  readonly insertedAt: Date | null;
  readonly updatedAt: Date | null;
  readonly isDeleted: boolean | null;
}

/** A row of the RDS companies table (docs/domain.md §3.2). */
export interface SourceCompany {
  readonly id: string;
  readonly name: string | null;
  readonly isDeleted: boolean | null;
}

/** One feature's columns in a row of the wide table. */
export interface SourceFeature {
  readonly isEnabled: RawValue;
  readonly enabledAt: Date | null;
  readonly updatedAt: Date | null;
}

/** A row of the wide feature table; a property has none, one or several (docs/domain.md §3.3). */
export interface SourceFeatureRow {
  readonly propertyId: string | null;
  readonly productPropertyId: string | null;
  readonly features: Readonly<Record<Feature, SourceFeature>>;
}

/** A `Product_Property__c` record, deleted ones included, with raw or normalised values by Salesforce field name. */
export interface StagingRow {
  readonly id: string;
  /** `RDS_Property_ID__c`; null for a keyless record. */
  readonly key: string | null;
  /** The lookup to `Property__c`, set by the org's automation. */
  readonly lookup: string | null;
  readonly isDeleted: boolean | null;
  readonly values: Readonly<Record<string, RawValue>>;
  readonly lastModifiedAt: Date | null;
  readonly lastModifiedById: string | null;
  readonly systemModstamp: Date | null;
}
