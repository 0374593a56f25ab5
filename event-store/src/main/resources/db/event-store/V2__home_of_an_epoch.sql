-- Where an epoch was opened, within its cluster: a database and a table that were made anew from a dump have other numbers.
-- As numbers, since columns of the type oid can be taken for large objects.
alter table cluster add column database_number bigint, add column table_number bigint;

update cluster
set database_number = (select oid::bigint from pg_database where datname = current_database()),
    table_number = 'domain_event'::regclass::oid::bigint
where epoch = (select max(epoch) from cluster);
