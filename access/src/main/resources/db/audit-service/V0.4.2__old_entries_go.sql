-- Entries go when their time is over, and not within 30 days, whoever asks for it. A bounded number at a time, so that
-- none is held for long.
do $$
declare
    service text := '${audit-service-role}';
begin
    execute format($create$
        create function forget_audit(older_than interval, at_most integer) returns bigint
            language sql security definer
            set search_path = pg_catalog
            as $body$
                with forgotten as (
                    delete from %1$I.audit where id in (
                        select id from %1$I.audit where at < now() - greatest(older_than, interval '30 days')
                        order by at limit at_most for update skip locked)
                    returning 1)
                select count(*) from forgotten
            $body$
        $create$, current_schema());
    revoke all on function forget_audit(interval, integer) from public;
    if service not in ('', current_user) then
        execute format('grant execute on function forget_audit(interval, integer) to %I', service);
    end if;
end
$$;
