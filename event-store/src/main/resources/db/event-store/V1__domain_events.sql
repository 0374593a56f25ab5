-- Which cluster the transaction ids of an epoch belong to. The highest epoch is the current one.
create table cluster (
    epoch             integer     primary key,
    system_identifier bigint      not null,
    opened_at         timestamptz not null default now()
);

insert into cluster (epoch, system_identifier)
select 1, system_identifier from pg_control_system();

-- Rows are never changed or removed. Payload and metadata are json, not jsonb: it keeps the order of the fields and the
-- scale of the numbers as they were written. No further index: each would be paid for by every append.
create table domain_event (
    epoch           integer     not null default 1, -- changed when an epoch is opened
    transaction_id  xid8        not null default pg_current_xact_id(),
    global_index    bigint      not null generated always as identity,
    event_id        uuid        not null,
    aggregate_type  text        not null,
    aggregate_id    text        not null,
    sequence_number bigint      not null check (sequence_number >= 0),
    event_type      text        not null,
    event_revision  text,
    time            timestamptz not null,
    payload         json        not null,
    metadata        json        not null,
    primary key (epoch, transaction_id, global_index), -- the order that readers follow
    unique (aggregate_id, sequence_number)             -- the version check of an append
);
