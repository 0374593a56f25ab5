-- Makes the roles that the services log in with, and says who may use this database. Run it in the database of the
-- services, as a superuser. It can be repeated. Passwords are not its business: until one is set, a role that may log in
-- can't do so where passwords are asked for.

set client_min_messages = warning; -- that something is there already is no news

do $$
declare
    login text;
begin
    -- Owns all schemas. Nobody logs in as it: migrations log in as eventshop_migrator and become the owner.
    if not exists (select from pg_roles where rolname = 'eventshop_owner') then
        create role eventshop_owner;
    end if;
    alter role eventshop_owner nologin;

    foreach login in array array ['eventshop_migrator', 'command_side', 'query_side', 'notification', 'eventshop_reader']
    loop
        if not exists (select from pg_roles where rolname = login) then
            execute format('create role %I', login);
        end if;
        execute format('alter role %I login', login);
    end loop;
end
$$;

grant eventshop_owner to eventshop_migrator;

-- Reads every schema, for people and their tools. A transaction that it forgets to end must not hold anything back.
grant pg_read_all_data to eventshop_reader;
alter role eventshop_reader set default_transaction_read_only = on;
alter role eventshop_reader set idle_in_transaction_session_timeout = '60s';

do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format('grant create, connect on database %I to eventshop_owner', current_database());
    execute format(
        'grant connect on database %I to eventshop_migrator, command_side, query_side, notification, eventshop_reader',
        current_database());
end
$$;
revoke all on schema public from public;
