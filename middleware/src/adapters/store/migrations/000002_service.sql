-- Up Migration

-- One row per resync: a plan and its runs for one group.
create table resync (
    resync_id uuid primary key,
    group_key text not null,
    requested_id text not null,
    urgency text not null check (urgency in ('urgent', 'background')),
    state text not null check (state in ('queued', 'running', 'succeeded', 'partiallySucceeded', 'failed')),
    stage text check (stage in ('planning', 'writing', 'verifying')),
    requested_by text not null,
    acting_user text,
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    plan_id uuid references plan,
    members jsonb not null,
    error jsonb
);

-- A group has at most one resync that has not been started.
create unique index resync_of_group_queued on resync (group_key) where state = 'queued';
create index resync_by_group on resync (group_key, resync_id desc);

alter table plan add column group_key text;

alter table run
    add column acting_user text,
    add column resync_id uuid references resync,
    add column skip_moved boolean not null default false,
    add column pause jsonb,
    add column stop_request jsonb,
    add column brake_base jsonb;

create index run_by_resync on run (resync_id) where resync_id is not null;

-- The history of a property, newest run first; run ids are ordered by time.
create index run_item_by_property on run_item (rds_property_id, run_id desc);
-- What is on its way: few rows, asked for with every intent.
create index run_item_on_its_way on run_item (rds_property_id) where state in ('sent', 'unknown');
create index run_item_quarantined on run_item (rds_property_id) where state = 'quarantined';

-- What is open: few rows of tables that grow.
create index run_open on run (state) where state in ('queued', 'running', 'paused');
create index run_by_created_at on run (created_at);
create index plan_building on plan (plan_id) where state = 'building';
create index resync_open on resync (state) where state in ('queued', 'running');

-- One row per sync that was ever paused or has ticked.
create table sync_schedule (
    sync text primary key check (sync in ('A', 'B')),
    pause jsonb,
    last_tick jsonb
);

-- Who did what and why, on its way to the warehouse; kept afterwards.
create table sync_event (
    event_id uuid primary key,
    kind text not null,
    subject text not null,
    actor text not null,
    reason text not null,
    at timestamptz not null,
    carried_at timestamptz
);

create index sync_event_pending on sync_event (event_id) where carried_at is null;

alter table idempotency drop constraint idempotency_kind_check;
alter table idempotency add constraint idempotency_kind_check check (kind in ('plan', 'run', 'resync'));

-- Down Migration

alter table idempotency drop constraint idempotency_kind_check;
alter table idempotency add constraint idempotency_kind_check check (kind in ('plan', 'run'));
drop table sync_event, sync_schedule;
drop index run_item_by_property, run_item_on_its_way, run_item_quarantined, run_open, run_by_created_at, plan_building,
    run_by_resync;
alter table run
    drop column acting_user, drop column resync_id, drop column skip_moved,
    drop column pause, drop column stop_request, drop column brake_base;
alter table plan drop column group_key;
drop table resync;
