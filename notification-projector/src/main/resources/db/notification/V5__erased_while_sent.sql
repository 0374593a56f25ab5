-- An email that is on its way when its person is erased stays so, with nothing of them.
ALTER TABLE notification DROP CONSTRAINT notification_addressed,
    ADD CONSTRAINT notification_addressed CHECK
        (recipient IS NOT NULL OR status <> 'PENDING' AND (status <> 'SENDING' OR handed_over_at IS NOT NULL));

-- What was left of persons who had been erased while their emails were on their way.
DELETE FROM notification_content c USING notification n, recipient r
WHERE c.notification_id = n.notification_id AND r.user_id = n.user_id AND r.erased_at IS NOT NULL;

UPDATE notification n
SET status = CASE WHEN n.status = 'PENDING' OR n.status = 'SENDING' AND n.handed_over_at IS NULL THEN 'SUPPRESSED'
                  ELSE n.status END,
    recipient = NULL, full_name = NULL, error = NULL
FROM recipient r
WHERE r.user_id = n.user_id AND r.erased_at IS NOT NULL AND n.recipient IS NOT NULL;
