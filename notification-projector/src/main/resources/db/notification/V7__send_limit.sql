-- When the next email may be sent, where a limit per minute is set: one row for all instances.
CREATE TABLE send_limit (
    only_row boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    free_at  timestamptz NOT NULL DEFAULT now()
);

INSERT INTO send_limit DEFAULT VALUES;
REVOKE INSERT, DELETE ON send_limit FROM notification;
