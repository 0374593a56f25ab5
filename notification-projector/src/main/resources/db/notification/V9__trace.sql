-- The trace of the request that led to the email, where the message named one.
ALTER TABLE notification ADD COLUMN trace_id text;
