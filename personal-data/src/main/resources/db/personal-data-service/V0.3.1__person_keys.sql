-- The keys that personal data of this database is encrypted with, one for each person. Apart from the data, so that they
-- can be backed up apart from it. Wrapped: what stands here is of no use without the master key.
create schema if not exists ${person-keys-schema};

create table ${person-keys-schema}.person_key (
    person       text        primary key,
    master_key   text,       -- name of the one that it is wrapped with; null: destroyed
    wrapped      bytea,      -- null: destroyed
    created_at   timestamptz not null default now(),
    destroyed_at timestamptz,
    check ((wrapped is null) = (master_key is null) and (wrapped is null) = (destroyed_at is not null))
);

-- What personal data is looked up by: hashes under this key, which is nobody's own.
create table ${person-keys-schema}.index_key (
    only_row   boolean primary key default true check (only_row),
    master_key text    not null,
    wrapped    bytea   not null
);

do $$
declare
    writer text := '${personal-data-service-role}';
    reader text := '${person-keys-reader}';
begin
    if writer not in ('', current_user) then
        execute 'grant usage on schema ${person-keys-schema} to ' || quote_ident(writer);
        execute 'grant select, insert, update on ${person-keys-schema}.person_key, ${person-keys-schema}.index_key to '
            || quote_ident(writer);
    end if;
    if reader <> '' then
        execute 'grant usage on schema ${person-keys-schema} to ' || quote_ident(reader);
        execute 'grant select on ${person-keys-schema}.person_key, ${person-keys-schema}.index_key to '
            || quote_ident(reader);
    end if;
end
$$;
