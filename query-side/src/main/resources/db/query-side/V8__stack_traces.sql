-- Where an event that is set apart failed last: classes and lines, without what an event says. Null for one that waits.
alter table dead_letter add column stack_trace text;
