-- Up Migration

-- Whoever builds a plan or carries out a run or a resync counts this up: what an earlier one still has to write is refused.
alter table plan add column hold integer not null default 0;
alter table run add column hold integer not null default 0;
alter table resync add column hold integer not null default 0;

-- Down Migration

alter table plan drop column hold;
alter table run drop column hold;
alter table resync drop column hold;
