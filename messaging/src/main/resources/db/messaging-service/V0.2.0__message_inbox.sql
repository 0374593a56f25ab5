-- Messages that had their effect, and those that have failed so far: what makes the second delivery of one harmless,
-- and what counts its attempts over restarts.
create table message_inbox (
    queue           text        not null,
    message_id      text        not null,
    handled         boolean     not null,
    attempts        integer     not null default 0, -- that failed
    first_failed_at timestamptz,
    noted_at        timestamptz not null default now(), -- when something was last noted here
    primary key (queue, message_id)
);

create index message_inbox_noted_at on message_inbox (noted_at); -- finds what is old enough to be removed

-- The login of the service, when that is not the owner.
do $$
declare
    service text := '${messaging-service-role}';
begin
    if service not in ('', current_user) then
        execute format('grant usage on schema %I to %I', current_schema(), service);
        execute format('grant select, insert, update, delete on message_inbox to %I', service);
    end if;
end
$$;
