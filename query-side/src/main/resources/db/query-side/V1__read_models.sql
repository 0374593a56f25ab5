-- Every table of a read model stands here twice, in the slots a and b. Readers go through a view on the one that is live;
-- the other is for a rebuild beside it. Amounts have no precision: that keeps the scale they were written with.

create table product_catalog_a (
    product_id  integer     primary key,
    name        text        not null collate "C", -- the order of names is that of their code points
    search_name text        not null,             -- the name in lower case, made by the projector
    price       numeric     not null,
    stock       integer     not null,
    updated_at  timestamptz not null,
    version     bigint      not null              -- sequence number of the product's last event
) with (fillfactor = 80);
create index on product_catalog_a (name, product_id);
create index on product_catalog_a (price, product_id);
create index on product_catalog_a (stock, product_id);
create index on product_catalog_a (updated_at, product_id);

create table product_stock_history_a (
    product_id integer     not null,
    version    bigint      not null,
    old_stock  integer     not null,
    new_stock  integer     not null,
    updated_at timestamptz not null,
    reason     text,
    order_id   integer,
    primary key (product_id, version)
);

create table order_summary_a (
    order_id            integer     primary key,
    user_id             integer     not null,
    status              text        not null,
    total_amount        numeric     not null,
    items               json        not null,
    cancellation_reason text,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    version             bigint      not null
) with (fillfactor = 80);
create index on order_summary_a (created_at, order_id);
create index on order_summary_a (user_id, created_at, order_id);
create index on order_summary_a (status, created_at, order_id);

create table order_timeline_a (
    order_id integer     not null,
    version  bigint      not null,
    type     text        not null,
    at       timestamptz not null,
    details  json        not null,
    primary key (order_id, version)
);

create table user_profile_a (
    user_id       integer     primary key,
    email         text,       -- personal data; null when erased
    full_name     text,       -- personal data; null when erased
    registered_at timestamptz not null,
    erased        boolean     not null,
    version       bigint      not null
);

-- What was counted for each order, so that it is counted once, and can be taken out again.
create table sales_order_a (
    order_id   integer     primary key,
    created_at timestamptz not null,
    items      json        not null,
    units      bigint      not null,
    revenue    numeric     not null,
    cancelled  boolean     not null,
    version    bigint      not null
);
create index on sales_order_a (created_at);

create table sales_day_a (
    day     date    primary key, -- in UTC
    orders  bigint  not null,
    units   bigint  not null,
    revenue numeric not null
) with (fillfactor = 50);

create table sales_product_day_a (
    day          date    not null,
    product_id   integer not null,
    product_name text    not null,
    units        bigint  not null,
    revenue      numeric not null,
    primary key (day, product_id)
) with (fillfactor = 50);

do $$
declare
    name text;
begin
    foreach name in array array['product_catalog', 'product_stock_history', 'order_summary', 'order_timeline', 'user_profile',
        'sales_order', 'sales_day', 'sales_product_day']
    loop
        execute format('create table %I (like %I including all)', name || '_b', name || '_a');
        execute format('create view %I as select * from %I', name, name || '_a');
        execute format('grant select, insert, update, delete, truncate on %I, %I to query_side', name || '_a', name || '_b');
        execute format('grant select on %I to query_side', name);
    end loop;
end
$$;

-- What all instances obey. A paused projection is worked on by none of them.
create table projection (
    name      text    primary key,
    live_slot char(1) not null default 'a' check (live_slot in ('a', 'b')),
    paused    boolean not null default false
);
insert into projection (name)
values ('product-catalog'), ('order-summary'), ('user-profile'), ('sales-statistics');

-- Who shares the work. A row that is not renewed is of an instance that has died.
create table instance (
    id      text        primary key,
    seen_at timestamptz not null
);

create table replay (
    id                bigint      primary key generated always as identity,
    projection        text        not null references projection (name),
    mode              text        not null check (mode in ('IN_PLACE', 'SIDE_BY_SIDE')),
    state             text        not null
        check (state in ('QUEUED', 'RUNNING', 'SWITCHING', 'COMPLETED', 'CANCELLED', 'FAILED')),
    requested_at      timestamptz not null,
    started_by        text        not null,
    started_at        timestamptz,
    reset_at          timestamptz, -- the view is empty and the processor at the beginning from then on
    finished_at       timestamptz,
    target            text,        -- the head when it started
    total             bigint,
    reached           text,
    reached_at        timestamptz,
    processed         bigint      not null default 0,
    events_per_second bigint,
    error             text
);
create unique index one_replay_of_a_projection on replay (projection) where state in ('QUEUED', 'RUNNING', 'SWITCHING');

grant usage on schema query_side to query_side;
grant select, update on projection to query_side;
grant select, insert, update, delete on instance to query_side;
grant select, insert, update on replay to query_side;
