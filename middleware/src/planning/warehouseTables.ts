import { mirrorState, productPropertyMirror } from '../mirror/mirrorTables.ts';
import type { TableDefinition } from '../ports/warehouse.ts';

/** One row: the clock and the settings that the views read (docs/domain.md §7). */
export const syncContext: TableDefinition = {
  name: 'sync_context',
  keyColumn: 'context_id',
  columns: {
    context_id: 'string',
    business_time: 'timestamp',
    production_key_prefix: 'string',
    is_placeholder_excluded: 'boolean',
    is_test_name_excluded: 'boolean',
    test_name_allow_list: 'string',
    is_idv_paid: 'boolean',
    is_bank_linking_paid: 'boolean',
    is_payroll_paid: 'boolean',
    is_income_insights_paid: 'boolean',
    is_document_fraud_paid: 'boolean',
  },
};

/** One row per run (docs/domain.md §13.1). */
export const syncRun: TableDefinition = {
  name: 'sync_run',
  keyColumn: 'run_id',
  columns: {
    run_id: 'string',
    sync_name: 'string',
    kind: 'string',
    is_dry_run: 'boolean',
    trigger_kind: 'string',
    actor: 'string',
    plan_id: 'string',
    plan_hash: 'string',
    cohort_hash: 'string',
    config_hash: 'string',
    view_hash: 'string',
    code_version: 'string',
    mirror_watermark: 'timestamp',
    source_synced_at: 'timestamp',
    started_at: 'timestamp',
    ended_at: 'timestamp',
    planned: 'integer',
    attempted: 'integer',
    created: 'integer',
    updated: 'integer',
    unchanged: 'integer',
    skipped: 'integer',
    failed: 'integer',
    quarantined: 'integer',
    verified: 'integer',
    linked: 'integer',
    state: 'string',
  },
};

/** One row per record of a run (docs/domain.md §13.1); the images are JSON objects by Salesforce field name. */
export const syncRunItem: TableDefinition = {
  name: 'sync_run_item',
  keyColumn: 'item_id',
  columns: {
    item_id: 'string',
    run_id: 'string',
    rds_property_id: 'string',
    staging_id: 'string',
    sfdc_id: 'string',
    operation: 'string',
    state: 'string',
    attempts: 'integer',
    error_class: 'string',
    error_code: 'string',
    error_text: 'string',
    before_image: 'string',
    after_image: 'string',
    system_modstamp_before: 'timestamp',
    system_modstamp_after: 'timestamp',
    contributing_property_ids: 'string',
    warnings: 'string',
    planned_at: 'timestamp',
    sent_at: 'timestamp',
    accepted_at: 'timestamp',
    ended_at: 'timestamp',
    linked_at: 'timestamp',
  },
};

/** One row per event: who did what, when and why (docs/domain.md §13.1). */
export const syncEvent: TableDefinition = {
  name: 'sync_event',
  keyColumn: 'event_id',
  columns: {
    event_id: 'string',
    kind: 'string',
    subject: 'string',
    actor: 'string',
    reason: 'string',
    occurred_at: 'timestamp',
  },
};

/** One row per object that `applyViews` made: hashes of the repository's text and of what the warehouse holds. */
export const viewRegistry: TableDefinition = {
  name: 'view_registry',
  keyColumn: 'object',
  columns: { object: 'string', repository_hash: 'string', warehouse_hash: 'string' },
};

/** Every table the product owns and fills row by row. */
export const warehouseTables: readonly TableDefinition[] = [
  productPropertyMirror,
  mirrorState,
  syncContext,
  syncRun,
  syncRunItem,
  syncEvent,
  viewRegistry,
];
