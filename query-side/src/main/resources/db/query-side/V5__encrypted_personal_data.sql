-- Users with their personal data encrypted, and accounts by pseudonyms. The view is filled again from the events.
drop view user_profile, user_account;
truncate user_profile_a, user_profile_b;
drop table user_account_a, user_account_b;
delete from tracking_token where processor_name = 'user-profile';

create table user_account_a (
    user_id   integer     primary key,
    account   text        not null, -- pseudonym of a token's issuer and subject
    linked_at timestamptz not null  -- the last user who was given an account has it
);
create index on user_account_a (account, linked_at);
create table user_account_b (like user_account_a including all);
create view user_account as select * from user_account_a;
grant select, insert, update, delete, truncate on user_account_a, user_account_b to query_side;
grant select on user_account to query_side;

do $$
declare
    slot text;
begin
    foreach slot in array array['user_profile_a', 'user_profile_b']
    loop
        execute format('alter table %I drop column email, drop column full_name, add column email bytea, add column full_name bytea',
            slot);
    end loop;
end
$$;
create view user_profile as select * from user_profile_a;
grant select on user_profile to query_side;
