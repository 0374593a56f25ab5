-- Behind it are the events whose aggregates are made anew; null for all there are.
alter table replay add column from_position text;
