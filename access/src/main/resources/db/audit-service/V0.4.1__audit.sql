-- Who did what to whom, from where, when, and with what outcome. Rows are only ever added; the service has no right to
-- change or remove any, but for the address, which goes after a while.
create table audit (
    id      bigint      primary key generated always as identity,
    at      timestamptz not null default clock_timestamp(),
    actor   text,       -- a member of staff by their token's subject, a customer by a pseudonym; null: nobody known
    roles   text        not null,
    action  text        not null, -- method and pattern of the path
    target  text        not null, -- path
    address text,       -- personal data, kept for a while
    outcome text        not null check (outcome in ('BEGUN', 'DONE', 'REFUSED', 'FAILED')),
    status  integer,    -- of HTTP; null as long as it has begun only
    times   integer     not null default 1 -- how often, where repeated refusals of an address were put together
);
create index on audit (at);

do $$
declare
    service text := '${audit-service-role}';
begin
    execute format($create$
        create function forget_audit_addresses(older_than interval) returns bigint
            language sql security definer
            set search_path = pg_catalog
            as $body$
                with forgotten as (
                    update %I.audit set address = null
                    where address is not null and at < now() - greatest(older_than, interval '1 day')
                    returning 1)
                select count(*) from forgotten
            $body$
        $create$, current_schema());
    revoke all on function forget_audit_addresses(interval) from public;
    if service not in ('', current_user) then
        execute format('revoke all on audit from %I', service); -- what default privileges have given
        execute format('grant select, insert on audit to %I', service);
        execute format('grant execute on function forget_audit_addresses(interval) to %I', service);
    end if;
end
$$;
