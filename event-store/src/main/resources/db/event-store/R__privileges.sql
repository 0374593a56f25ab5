-- Who may add events and who may read them. Nobody but the owner may change or remove any.
do $$
declare
    writer text := '${writer-role}';
    reader text := '${reader-role}';
begin
    if writer <> '' then
        execute format('grant usage on schema event_store to %I', writer);
        execute format('grant select, insert on domain_event to %I', writer);
        execute format('grant select on cluster, flyway_schema_history to %I', writer);
    end if;
    if reader <> '' then
        execute format('grant usage on schema event_store to %I', reader);
        execute format('grant select on domain_event, cluster, flyway_schema_history to %I', reader);
    end if;
end
$$;
