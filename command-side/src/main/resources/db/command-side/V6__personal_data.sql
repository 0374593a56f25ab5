-- Personal data is looked up by hashes under a secret key. What stood here in the clear can't be taken over.
do $$
begin
    if exists (select from registered_user) or exists (select from user_account) then
        raise exception 'this database holds personal data in the clear, of a version before 0.2: start with a new one';
    end if;
end
$$;

alter table registered_user drop column email_key;
alter table registered_user add column email_hash bytea unique; -- of the address in lower case; null: erased
alter table registered_user add column erased_at timestamptz;
alter table registered_user add check ((email_hash is null) = (erased_at is not null));

drop table user_account;
create table user_account (
    account text    primary key, -- pseudonym of issuer and subject
    user_id integer not null unique
);
grant select, insert, update on user_account to command_side;
