-- Who is which user, by the token; part of the view of users.
create table user_account_a (
    issuer  text    not null,
    subject text    not null, -- personal data
    user_id integer not null,
    primary key (issuer, subject)
);
create index on user_account_a (user_id);

create table user_account_b (like user_account_a including all);
create view user_account as select * from user_account_a;
grant select, insert, update, delete, truncate on user_account_a, user_account_b to query_side;
grant select on user_account to query_side;
