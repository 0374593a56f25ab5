-- Who gets mail: built from messages, a row without address is a person who was erased.
CREATE TABLE recipient (
    user_id    int PRIMARY KEY,
    email      text,
    full_name  text,
    locale     text,
    erased_at  timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT recipient_erased_is_empty
        CHECK (erased_at IS NULL OR (email IS NULL AND full_name IS NULL AND locale IS NULL))
);

-- Whose order it is: the status messages carry no user.
CREATE TABLE order_customer (
    order_id int PRIMARY KEY,
    user_id  int NOT NULL
);

-- The ledger: one row per email that is to leave the house once. notification_key decides.
CREATE TABLE notification (
    notification_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    notification_key text        NOT NULL,
    kind             text        NOT NULL,
    user_id          int,
    order_id         int,
    order_status     text,
    facts            json        NOT NULL,
    locale           text,
    recipient        text,
    full_name        text,
    status           text        NOT NULL,
    attempts         int         NOT NULL DEFAULT 0,
    error            text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    due_at           timestamptz NOT NULL DEFAULT now(),
    give_up_at       timestamptz NOT NULL,
    claim            uuid,
    lease_until      timestamptz,
    handed_over_at   timestamptz,
    sent_at          timestamptz,
    CONSTRAINT notification_once UNIQUE (notification_key),
    CONSTRAINT notification_kind CHECK
        (kind IN ('WELCOME', 'ORDER_CONFIRMATION', 'ORDER_STATUS', 'ORDER_COMPLETED', 'ORDER_CANCELLED')),
    CONSTRAINT notification_status CHECK (status IN
        ('PENDING', 'WAITING_FOR_RECIPIENT', 'SENDING', 'SENT', 'UNCERTAIN', 'FAILED', 'SUPPRESSED')),
    CONSTRAINT notification_about CHECK (user_id IS NOT NULL OR order_id IS NOT NULL),
    CONSTRAINT notification_claimed CHECK (status <> 'SENDING' OR (claim IS NOT NULL AND lease_until IS NOT NULL)),
    CONSTRAINT notification_addressed CHECK (status NOT IN ('PENDING', 'SENDING') OR recipient IS NOT NULL)
);

CREATE INDEX notification_due ON notification (due_at, notification_id) WHERE status = 'PENDING';
CREATE INDEX notification_leased ON notification (lease_until) WHERE status = 'SENDING';
CREATE INDEX notification_waiting_user ON notification (user_id) WHERE status = 'WAITING_FOR_RECIPIENT';
CREATE INDEX notification_waiting_order ON notification (order_id) WHERE status = 'WAITING_FOR_RECIPIENT';
CREATE INDEX notification_by_user ON notification (user_id, notification_id);
CREATE INDEX notification_by_order ON notification (order_id, notification_id);
CREATE INDEX notification_by_kind ON notification (kind, notification_id);
CREATE INDEX notification_unsent ON notification (status, notification_id) WHERE status <> 'SENT';

-- What was handed to the mail server, word by word, for the preview.
CREATE TABLE notification_content (
    notification_id bigint PRIMARY KEY REFERENCES notification ON DELETE CASCADE,
    subject         text NOT NULL,
    html            text NOT NULL,
    text            text NOT NULL
);

GRANT USAGE ON SCHEMA notification TO notification;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA notification TO notification;
REVOKE INSERT, UPDATE, DELETE ON flyway_schema_history FROM notification;
ALTER DEFAULT PRIVILEGES IN SCHEMA notification GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO notification;
