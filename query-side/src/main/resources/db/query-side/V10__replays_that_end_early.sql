-- When what a replay that failed or was cancelled had written into the idle slot was removed; null before.
alter table replay add column cleared_at timestamptz;
create index replay_to_be_cleared on replay (projection)
    where mode = 'SIDE_BY_SIDE' and state in ('CANCELLED', 'FAILED') and reset_at is not null and cleared_at is null;
