-- Runs only when the store is there already.
create table first_look as select count(*) as events from event_store.domain_event;
