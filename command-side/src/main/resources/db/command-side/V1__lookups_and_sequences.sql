-- Numbers of products, orders and users. An instance takes a hundred at a time; the last block ends below what the
-- contract's int can hold, and then the sequence refuses.
create sequence product_id as integer increment by 100 minvalue 1 maxvalue 2147483501 start with 1 no cycle;
create sequence order_id as integer increment by 100 minvalue 1 maxvalue 2147483501 start with 1 no cycle;
create sequence user_id as integer increment by 100 minvalue 1 maxvalue 2147483501 start with 1 no cycle;

-- What orders take names and prices from. Written in the transaction of the product's event.
create table product_lookup (
    product_id integer primary key,
    name       text not null,
    price      numeric not null check (price >= 0) -- without precision: keeps the scale of the shop's currency
);

-- Who is registered, and which addresses are taken. Written in the transaction of the registration.
create table registered_user (
    user_id   integer primary key,
    email_key text not null unique, -- lower case; personal data
    language  text not null
);

-- The currency that all amounts are in, fixed in the transaction of the first event.
create table shop_currency (
    only_row boolean primary key default true check (only_row),
    code     text not null
);

grant usage on schema command_side to command_side;
grant usage on sequence product_id, order_id, user_id to command_side;
grant select, insert, update, delete on product_lookup, registered_user to command_side;
grant select, insert on shop_currency to command_side;
