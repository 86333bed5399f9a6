import type {
  Classification,
  DataAsOf,
  FeatureState,
  FieldChange,
  MappedValues,
} from '../contracts/index.ts';

/** One property as a plan saw it. Instants are ISO 8601. */
export interface PlannedMember {
  readonly rdsPropertyId: string;
  readonly groupKey: string;
  /** The production id that the source names; null where it names none. */
  readonly sfdcId: string | null;
  /** Place in its group: contributors first, in the total order of docs/domain.md §7; then the others. */
  readonly ordinal: number;
  readonly isContributor: boolean;
  readonly classification: Classification;
  readonly reasonCode: string | null;
  readonly warnings: readonly string[];
  readonly stagingIds: readonly string[];
  /** The lookup of its one staging row. */
  readonly linkedId: string | null;
  /** What the views say Salesforce should hold, by field. */
  readonly expected: MappedValues;
  /** What an UPDATE changes. */
  readonly changes: readonly FieldChange[];
  /** Its own, before the union; the date is that of a feature that is on. */
  readonly ownFeatures: readonly FeatureState[];
  readonly hasPaidFeatures: boolean;
  readonly sourceUpdatedAt: string | null;
  /** When anybody last wrote its one staging row, by Salesforce's clock. */
  readonly rowModifiedAt: string | null;
}

/** A group as the plan built last saw it. */
export interface PlannedGroup {
  /** In order of `ordinal`; empty for a group that the plan did not see. */
  readonly members: readonly PlannedMember[];
  readonly dataAsOf: DataAsOf;
  /** Salesforce was read no earlier than this: what the ledger has verified later is newer than this answer. */
  readonly mirroredAt: string;
}

/**
 * The groups that the plan built last saw. They are kept beside the plan, so that a record page asks neither the warehouse,
 * which may be asleep, nor Salesforce. Throws `SyncError` STORE_UNAVAILABLE, and RUN_CONFLICT for the hold of a plan that
 * somebody else has taken since.
 */
export interface GroupStore {
  /** Begins the groups of a plan that is being built; what an interrupted building left of them is gone. */
  openGroups(planId: string, options: { readonly mirroredAt: string; readonly hold?: number }): Promise<void>;
  appendMembers(planId: string, members: readonly PlannedMember[], hold?: number): Promise<void>;
  /** Forgets the groups of every plan but the one built last and those being built. */
  dropOldGroups(): Promise<void>;
  /**
   * The group with this key, of this property, or of the property with this staging row, as the plan built last saw it.
   * Undefined while there is no such plan; without members where it knows no such id.
   */
  readGroupOf(id: string): Promise<PlannedGroup | undefined>;
}
