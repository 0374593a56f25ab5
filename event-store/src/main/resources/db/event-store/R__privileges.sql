-- Who may add events and who may read them. Nobody but the owner may change or remove any.
do $$
begin
    if '${writer-role}' <> '' then
        grant usage on schema event_store to "${writer-role}";
        grant select, insert on domain_event to "${writer-role}";
        grant select on cluster, flyway_schema_history to "${writer-role}";
    end if;
    if '${reader-role}' <> '' then
        grant usage on schema event_store to "${reader-role}";
        grant select on domain_event, cluster, flyway_schema_history to "${reader-role}";
    end if;
end
$$;
