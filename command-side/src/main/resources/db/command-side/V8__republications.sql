-- History that is sent to one queue. One instance at a time carries one out: it says so again and again, and when it has
-- not for a while another one goes on behind what the broker has confirmed.
create table republication (
    id              bigint      generated always as identity primary key,
    queue           text        not null,
    after_position  text        not null, -- events behind it
    up_to_position  text        not null, -- and up to it
    event_types     text[]      not null,
    aggregate_id    text,
    rate_per_second integer     check (rate_per_second > 0),
    state           text        not null
        check (state in ('QUEUED', 'RUNNING', 'COMPLETED', 'CANCELLED', 'FAILED')),
    total           bigint      not null,
    processed       bigint      not null default 0,
    reached         text        not null, -- the broker has confirmed all up to it
    error           text,
    carrier         text,
    carrier_until   timestamptz,
    requested_at    timestamptz not null,
    started_at      timestamptz,
    finished_at     timestamptz
);

create index republication_open on republication (id) where state in ('QUEUED', 'RUNNING');

grant select, insert, update on republication to command_side;
