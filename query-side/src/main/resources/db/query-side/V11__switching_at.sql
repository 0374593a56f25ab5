-- When the slot that is built was nearly complete, and the projection was to be paused for the switch; whoever goes on
-- has what is left of the time for it. Null before.
alter table replay add column switching_at timestamptz;
