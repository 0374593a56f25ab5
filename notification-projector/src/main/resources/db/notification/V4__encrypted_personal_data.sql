-- Personal data is stored encrypted. What stood here in the clear can't be taken over.
DO $$
BEGIN
    IF EXISTS (SELECT FROM recipient WHERE email IS NOT NULL OR full_name IS NOT NULL)
        OR EXISTS (SELECT FROM notification WHERE recipient IS NOT NULL OR full_name IS NOT NULL)
        OR EXISTS (SELECT FROM notification_content) THEN
        RAISE EXCEPTION 'this database holds personal data in the clear, of a version before 0.2: start with a new one';
    END IF;
END
$$;

-- With the columns go the constraints on them.
ALTER TABLE recipient DROP COLUMN email, DROP COLUMN full_name;
ALTER TABLE recipient ADD COLUMN email bytea, ADD COLUMN full_name bytea,
    ADD CONSTRAINT recipient_erased_is_empty
        CHECK (erased_at IS NULL OR (email IS NULL AND full_name IS NULL AND locale IS NULL));

ALTER TABLE notification DROP COLUMN recipient, DROP COLUMN full_name;
ALTER TABLE notification ADD COLUMN recipient bytea, ADD COLUMN full_name bytea,
    ADD CONSTRAINT notification_addressed CHECK (status NOT IN ('PENDING', 'SENDING') OR recipient IS NOT NULL);

ALTER TABLE notification_content DROP COLUMN subject, DROP COLUMN html, DROP COLUMN text;
ALTER TABLE notification_content ADD COLUMN subject bytea NOT NULL, ADD COLUMN html bytea NOT NULL,
    ADD COLUMN text bytea NOT NULL;
