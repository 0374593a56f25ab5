-- For what somebody did; all others are found by their time.
create index on audit (actor, at);
