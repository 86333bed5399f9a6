-- Up Migration

-- The plans whose groups are kept: the one built last, and those being built.
create table planned_groups (
    plan_id uuid primary key,
    mirrored_at timestamptz not null
);

-- One row per property as a plan saw it. One partition per plan: those of an older plan go at once, and leave no dead rows
-- for a vacuum that the embedded database does not have.
create table planned_member (
    plan_id uuid not null,
    rds_property_id text not null,
    group_key text not null,
    ordinal integer not null,
    staging_ids text[] not null,
    member jsonb not null,
    primary key (plan_id, rds_property_id)
) partition by list (plan_id);

create index planned_member_by_group on planned_member (plan_id, group_key);
create index planned_member_by_row on planned_member using gin (staging_ids);

-- Down Migration

drop table planned_member, planned_groups;
