import type { BaselineVariant, BlockName, Difference } from './january.ts';

/** Feature bits. Paid are all but fraud. */
export const flag = { idv: 1, bankLinking: 2, payroll: 4, incomeInsights: 8, documentFraud: 16 } as const;

/** The five features in the order of every table: the number of a feature is its place here. */
export const features = ['idv', 'bankLinking', 'payroll', 'incomeInsights', 'documentFraud'] as const;

export const paidFlags = flag.idv | flag.bankLinking | flag.payroll | flag.incomeInsights;

export const allFlags = paidFlags | flag.documentFraud;

export type SfdcForm = 'id18' | 'id15' | 'null' | 'empty' | 'whiteSpace' | 'placeholder';

export type NamePattern =
  'plain' | 'tab' | 'newline' | 'outerSpace' | 'guarantor' | 'ms' | 'number' | 'length80' | 'decoy' | 'test';

export type StateForm = 'code' | 'empty' | 'fullName';

export type ZipForm = 'zip5' | 'zip5Zero' | 'plus4' | 'plus4Zero' | 'four' | 'three' | 'seven' | 'empty';

/** The properties that share one production record, or one property alone. */
export interface PlannedGroup {
  /** Serial number; the production id is made of it. */
  readonly number: number;
  readonly block: BlockName;
  readonly hasId: boolean;
  readonly isPaid: boolean;
  /** Eligible members, newest `updated_at` first (ties: in the total order of docs/domain.md §7). */
  readonly members: PlannedProperty[];
  /** Live properties of the group that are not eligible. */
  readonly others: PlannedProperty[];
  /** Union of the members' own flags. */
  flags: number;
}

/** What is decided about one RDS property before anything is written; texts follow from `number` and the seed. */
export interface PlannedProperty {
  /** Serial number; ids and texts are made of it. */
  readonly number: number;
  readonly group: PlannedGroup;
  readonly isActive: boolean;
  readonly isEligible: boolean;
  readonly isDeleted: boolean;
  sfdcForm: SfdcForm;

  /** Live own staging rows. */
  liveRows: number;
  /** Group whose production record the own rows' lookup names; null = lookup blank. */
  lookup: PlannedGroup | null;
  hasRecycledRow: boolean;
  difference: Difference;

  ownFlags: number;
  /** Bit of a FALSE flag that still has a date, or 0. */
  staleFlag: number;
  /** Bit of a FALSE flag that RDS holds in state `testing`, or 0. */
  testingFlag: number;
  hasWideRow: boolean;
  identicalWideRows: number;
  hasOppositeWideRow: boolean;

  /** Seconds since 1970. */
  insertedAt: number;
  updatedAt: number;

  /** Number of the company, or -1. */
  company: number;
  /** Properties with the same number and phase have the same name. */
  nameNumber: number;
  /** 1 = no phase in the name. */
  phase: number;
  namePattern: NamePattern;
  cityHasOuterSpace: boolean;
  stateForm: StateForm;
  zipForm: ZipForm;
}

/** Everything decided, nothing written. */
export interface Plan {
  readonly seed: number;
  readonly variant: BaselineVariant;
  /** Seconds since 1970. */
  readonly now: number;
  /** Live properties. */
  readonly liveProperties: number;
  /** In the order of the table, soft-deleted ones included. */
  readonly properties: readonly PlannedProperty[];
  readonly groups: readonly PlannedGroup[];
  readonly parkKennedy: {
    readonly active: PlannedProperty;
    readonly sibling: PlannedProperty;
    readonly guarantor: PlannedProperty;
  };
  /** Every company; a property if the company has its name. */
  readonly companies: readonly PlannedCompany[];
}

export interface PlannedCompany {
  readonly number: number;
  readonly namedAfter: PlannedProperty | null;
  readonly kind: 'named' | 'softDeleted' | 'unnamed' | 'blankName';
}
