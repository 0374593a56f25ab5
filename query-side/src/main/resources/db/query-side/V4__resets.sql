-- How often the live view has been emptied to be filled again. Whoever waits for a position in it compares this from
-- before with that of after the read.
alter table projection add column resets bigint not null default 0;
