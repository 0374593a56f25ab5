-- Events that a projection could not apply, and those of the same aggregate behind them. What they say is in the event
-- store. The first of a sequence is tried again from time to time.
create table dead_sequence (
    projection      text        not null,
    aggregate_id    text        not null,
    next_attempt_at timestamptz not null,
    primary key (projection, aggregate_id)
);
create index on dead_sequence (next_attempt_at);

create table dead_letter (
    id              bigint      generated always as identity primary key,
    projection      text        not null,
    aggregate_id    text        not null,
    sequence_number bigint      not null,
    event_type      text        not null,
    state           text        not null check (state in ('PARKED', 'DISCARDED', 'PASSED')),
    error_class     text,       -- null for one that waits for those before it
    error           text,
    attempts        integer     not null,
    parked_at       timestamptz not null,
    unique (projection, aggregate_id, sequence_number)
);
create index on dead_letter (projection, id) where state = 'PARKED';

grant select, insert, update, delete on dead_sequence, dead_letter to query_side;
