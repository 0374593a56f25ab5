-- Rebuilding a projection in its idle slot. One instance at a time works on a replay, the builder: it says so again and
-- again, and when it has not for a while another one goes on.
alter table projection add column version integer not null default 1; -- of the code that has filled the live slot
alter table replay
    add column builder         text,
    add column builder_until   timestamptz,
    add column rate_per_second integer check (rate_per_second > 0),
    add column switched_at     timestamptz, -- readers see the rebuilt slot from then on
    add column revision        bigint not null default 0; -- grows with each change

create function count_revision() returns trigger language plpgsql as $$
begin
    new.revision := old.revision + 1;
    return new;
end
$$;
create trigger count_revision before update on replay for each row execute function count_revision();

-- Lets readers see another slot. The service may not change views itself, only this one thing about them. It waits for
-- whoever reads them, and so has to be called with a short lock_timeout.
create function show_slot(slot text, tables text[]) returns void
    language plpgsql security definer set search_path = query_side, pg_temp as $$
declare
    name text;
begin
    if slot not in ('a', 'b') then
        raise exception 'there is no slot %', slot;
    end if;
    foreach name in array tables
    loop
        if not exists (select from pg_views where schemaname = 'query_side' and viewname = name) then
            raise exception 'there is no view %', name;
        end if;
        execute format('create or replace view query_side.%I as select * from query_side.%I', name, name || '_' || slot);
    end loop;
end
$$;
revoke all on function show_slot(text, text[]) from public;
grant execute on function show_slot(text, text[]) to query_side;
