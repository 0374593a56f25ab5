-- The last snapshot of each aggregate: what its first events come to, so that they need not be read.
create table snapshot (
    aggregate_id    text        primary key,
    aggregate_type  text        not null,
    sequence_number bigint      not null, -- of the last event that is in it
    event_id        uuid        not null,
    type            text        not null,
    revision        text,
    time            timestamptz not null,
    payload         json        not null,
    metadata        json        not null
);

-- How far each processor has come, and who works on it. Updated with each batch, so there is room for it in the page.
create table tracking_token (
    processor_name text    not null,
    segment        integer not null,
    token          text, -- kind and numbers; null: nothing yet
    owner          text,
    claimed_at     timestamptz,
    primary key (processor_name, segment)
) with (fillfactor = 50);

-- The login of the service, when that is not the owner.
do $$
declare
    service text := '${event-store-service-role}';
begin
    if service not in ('', current_user) then
        execute format('grant usage on schema %I to %I', current_schema(), service);
        execute format('grant select, insert, update, delete on snapshot, tracking_token to %I', service);
    end if;
end
$$;
