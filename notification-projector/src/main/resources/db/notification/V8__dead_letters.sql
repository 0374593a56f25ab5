-- Messages that could not be handled, taken out of the dead-letter queues. What a message says is sealed with the key of
-- the person whom it names, or with a key of the service where it names nobody.
CREATE TABLE dead_letter (
    dead_letter_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue           text        NOT NULL,
    letter_key      bytea       NOT NULL, -- SHA-256 of what it is known by when it comes again
    message_id      text,
    routing_key     text,
    type            text,
    error_class     text        NOT NULL,
    error_pattern   text        NOT NULL, -- the error without what is different from message to message
    sealed_for      text        NOT NULL, -- whose key
    of_anybody      boolean     NOT NULL, -- nobody can tell whom it is about, and it may be about somebody
    error           bytea,                -- sealed, as all below; null once it is not needed or not allowed any more
    body            bytea,                -- its beginning
    message         bytea,                -- all of it
    attempts        int         NOT NULL,
    first_failed_at timestamptz NOT NULL,
    last_failed_at  timestamptz NOT NULL,
    collected_at    timestamptz NOT NULL DEFAULT now(),
    state           text        NOT NULL DEFAULT 'PARKED',
    due_at          timestamptz,          -- when RETRYING: to be sent from then on
    claim           uuid,                 -- when RETRYING: of the instance that sends it
    CONSTRAINT dead_letter_once UNIQUE (queue, letter_key),
    CONSTRAINT dead_letter_state CHECK (state IN ('PARKED', 'RETRYING', 'RETRIED')),
    CONSTRAINT dead_letter_due CHECK ((state = 'RETRYING') = (due_at IS NOT NULL))
);

-- A message may be as large as the broker lets through; it is sealed, and does not become smaller.
ALTER TABLE dead_letter ALTER COLUMN message SET STORAGE EXTERNAL, ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE INDEX dead_letter_due ON dead_letter (due_at) WHERE state = 'RETRYING';
CREATE INDEX dead_letter_groups ON dead_letter (queue, error_class) WHERE state <> 'RETRIED';
CREATE INDEX dead_letter_of_person ON dead_letter (sealed_for);
CREATE INDEX dead_letter_age ON dead_letter (collected_at);
