-- Who is which user, by the token. Written in the transaction of the registration.
create table user_account (
    issuer  text    not null,
    subject text    not null, -- personal data
    user_id integer not null unique,
    primary key (issuer, subject)
);

grant select, insert, update, delete on user_account to command_side;
