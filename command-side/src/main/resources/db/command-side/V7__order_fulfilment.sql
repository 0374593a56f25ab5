-- What each order may still reserve. A row is written with the order, and removed with the reservation, or with the
-- release that came instead.
create table reservation_permit (
    order_id   integer not null,
    product_id integer not null,
    primary key (order_id, product_id)
);

-- Processes under way, as JSON under logical names, and what their events are found by.
create table saga (
    saga_id   text  primary key,
    saga_type text  not null,
    revision  text  not null,
    state     jsonb not null
);

create table saga_association (
    saga_type text not null,
    key       text not null,
    value     text not null,
    saga_id   text not null references saga on delete cascade,
    primary key (saga_type, key, value, saga_id)
);

create index saga_association_of_saga on saga_association (saga_id);

-- What is done later, at the earliest at execution_time: deadlines, and steps that failed. The columns are those of
-- db-scheduler.
create table scheduled_task (
    task_name            text        not null,
    task_instance        text        not null,
    task_data            bytea, -- JSON
    execution_time       timestamptz not null,
    picked               boolean     not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint      not null,
    priority             smallint,
    primary key (task_name, task_instance)
);

create index scheduled_task_execution_time on scheduled_task (execution_time);
create index scheduled_task_last_heartbeat on scheduled_task (last_heartbeat);
create index scheduled_task_failing on scheduled_task (consecutive_failures) where consecutive_failures > 0;

grant select, insert, update, delete on reservation_permit, saga, saga_association, scheduled_task to command_side;
