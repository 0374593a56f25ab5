-- Why an email failed stands here in words of ours and numbers, and next to it, encrypted, what the mail server said. What
-- mail servers had said in the clear goes; as all rows are written anew, it goes from the table's file as well.
ALTER TABLE notification ADD COLUMN error_said bytea,
    ALTER COLUMN error TYPE text USING CASE
        WHEN error IS NULL
          OR error ~ '^Nobody told whose order [0-9]+ is \(order\.created\) in time\.$'
          OR error ~ '^Nobody told the address of user [0-9]+ \(user\.registered\) in time\.$'
          OR error = 'The service stopped between handing the email over and writing down the answer.'
          OR error = 'The email can''t be written from what the ledger holds.'
        THEN error
        ELSE 'Not delivered; an earlier version has written down why, and it was taken away.' END;
