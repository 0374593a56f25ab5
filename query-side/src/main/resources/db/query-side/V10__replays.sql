-- When what a replay that failed or was cancelled had written into the idle slot was removed; null before.
alter table replay add column cleared_at timestamptz;
create index replay_to_be_cleared on replay (projection)
    where mode = 'SIDE_BY_SIDE' and state in ('CANCELLED', 'FAILED') and reset_at is not null and cleared_at is null;

-- Of the projection's code: what is needed at least; when the slot is being filled, that of the code that fills it.
alter table replay add column version integer not null default 0;

-- Of the projections' code, by their names: who has an older one does not share the work. One that says nothing does.
alter table instance add column versions jsonb not null default '{}';
