create table article (
  id integer generated always as identity primary key,
  name text not null unique,
  stock integer not null default 0 check (stock >= 0)
);

insert into article (name, stock) values ('rope', 12), ('anchor', 3), ('lantern', 0);
