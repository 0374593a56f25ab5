create table effect (number integer not null, text text);
grant select, insert, delete on effect to notification;
