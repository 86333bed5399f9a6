-- Up Migration

-- One row per plan.
create table plan (
    plan_id uuid primary key,
    state text not null check (state in ('building', 'ready', 'blocked', 'failed')),
    stage text,
    is_attended boolean not null,
    created_at timestamptz not null,
    built_at timestamptz,
    business_time timestamptz,
    is_source_stale boolean not null,
    summary jsonb,
    guards jsonb not null,
    plan_hash text,
    cohort_hashes jsonb,
    config_hash text,
    view_hashes jsonb not null,
    mirror_watermark text,
    source_fresh_at timestamptz,
    timings_ms jsonb not null,
    error jsonb
);

create index plan_by_built_at on plan (built_at, plan_id) where built_at is not null;

-- One row per record a plan would write, in the order of its delivery.
create table plan_item (
    plan_id uuid not null references plan on delete cascade,
    operation text not null check (operation in ('create', 'update')),
    ordinal integer not null,
    rds_property_id text not null,
    staging_id text,
    group_key text not null,
    priority text,
    expected jsonb not null,
    changes jsonb not null,
    warnings jsonb not null,
    row_hash text not null,
    primary key (plan_id, operation, ordinal)
);

-- One row per run.
create table run (
    run_id uuid primary key,
    plan_id uuid not null references plan,
    sync text not null check (sync in ('A', 'B')),
    kind text not null,
    state text not null,
    stage text,
    trigger text not null,
    actor text not null,
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    timings_ms jsonb not null,
    error jsonb
);

-- At most one run of each sync has not ended.
create unique index run_of_sync_not_ended on run (kind)
    where kind in ('create', 'update') and state in ('queued', 'running', 'paused');

-- One row per record of a run: the ledger. A row in a terminal state never changes.
create table run_item (
    run_id uuid not null references run on delete cascade,
    rds_property_id text not null,
    ordinal integer not null,
    operation text not null check (operation in ('create', 'update')),
    state text not null check (
        state in ('planned', 'sent', 'accepted', 'unknown', 'verified', 'failed', 'quarantined', 'skipped')
    ),
    staging_id text,
    group_key text not null,
    expected jsonb not null,
    changes jsonb not null,
    warnings jsonb not null,
    attempts integer not null default 0,
    batch_number integer,
    was_created boolean,
    before jsonb,
    after jsonb,
    system_modstamp_before text,
    system_modstamp_after text,
    error jsonb,
    sent_at timestamptz,
    accepted_at timestamptz,
    ended_at timestamptz,
    primary key (run_id, rds_property_id)
);

create index run_item_by_state on run_item (run_id, state, ordinal);
create index run_item_by_staging_id on run_item (run_id, staging_id);
create index run_item_by_batch on run_item (run_id, batch_number, ordinal);

-- One row per call or job, stored before anything is sent.
create table delivery_batch (
    run_id uuid not null references run on delete cascade,
    batch_number integer not null,
    channel text not null check (channel in ('collection', 'bulk')),
    job_id text,
    is_done boolean not null,
    primary key (run_id, batch_number)
);

-- One row per ended run whose audit rows go to the warehouse; kept afterwards, so that none is sent twice.
create table audit_outbox (
    run_id uuid primary key references run on delete cascade,
    queued_at timestamptz not null default now(),
    completed_at timestamptz
);

create index audit_outbox_pending on audit_outbox (queued_at, run_id) where completed_at is null;

-- One row per Idempotency-Key: the request it came with and what that request made.
create table idempotency (
    key text primary key,
    body_hash text not null,
    kind text not null check (kind in ('plan', 'run')),
    created_id uuid not null,
    created_at timestamptz not null default now()
);

-- Down Migration

drop table idempotency, audit_outbox, delivery_batch, run_item, run, plan_item, plan;
