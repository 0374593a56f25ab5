-- Which calls with an idempotency key were carried out, and what they were answered. Written in the transaction of the
-- events. Hashes only: what they are made of may tell who a person is.
create table idempotency_key (
    call_hash    bytea       primary key, -- of the caller, the route and the key
    request_hash bytea       not null,    -- of all that, the condition and the body
    status       smallint    not null,
    location     text,
    e_tag        text,
    position     text,
    body         text,                    -- JSON
    created_at   timestamptz not null     -- by the database's clock
);

create index idempotency_key_created_at on idempotency_key (created_at);

grant select, insert, update, delete on idempotency_key to command_side;
