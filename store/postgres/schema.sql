-- Times are nanoseconds since 1970, the smallest number where there is none. What is
-- altered here within a version only adds.
--
-- A column more waits for who reads all tables, such as a dump, and others wait behind it: not
-- for long.
set local lock_timeout = '1s';

create table if not exists keypull_counter (
	name text collate "C" primary key,
	last bigint not null
) with (fillfactor = 20);
insert into keypull_counter values ('schema', 1), ('node', 0), ('kv', 0) on conflict do nothing;

create table if not exists keypull_node (
	id bigint primary key,
	until timestamptz not null,
	ended boolean not null default false,
	turn bigint not null default 0
) with (fillfactor = 20);
-- Who waits has ended, so that a version that knows nothing of those who wait counts them out.
alter table keypull_node
	add column if not exists since timestamptz not null default now(),
	add column if not exists waits boolean not null default false,
	add column if not exists name text not null default '',
	add column if not exists version text not null default '',
	add column if not exists config text not null default '',
	add column if not exists keys text not null default '',
	add column if not exists url text not null default '',
	add column if not exists pass text not null default '',
	add column if not exists ahead bigint not null default 0;

-- A value that is null was removed.
create table if not exists keypull_value (
	key text collate "C" primary key,
	value bytea,
	revision bigint not null,
	gone timestamptz
);
create unique index if not exists keypull_value_revision on keypull_value (revision);
create index if not exists keypull_value_gone on keypull_value (gone) where gone is not null;

create table if not exists keypull_entry (
	queue text collate "C",
	seq bigint,
	owner bigint not null,
	partition bytea not null,
	id bytea not null,
	due bigint not null,
	at bigint not null,
	payload bytea not null,
	aside boolean not null default false,
	primary key (queue, seq)
);
create index if not exists keypull_entry_partition on keypull_entry (queue, partition, seq);
create index if not exists keypull_entry_owner on keypull_entry (owner);

create table if not exists keypull_id (
	queue text collate "C",
	seq bigint,
	name bytea not null,
	person bytea not null,
	words bytea not null,
	at bigint not null,
	primary key (queue, seq)
);
create index if not exists keypull_id_name on keypull_id (queue, name, seq);

create table if not exists keypull_record (
	log text collate "C",
	position bigint,
	id text collate "C" not null,
	at bigint not null,
	data bytea not null,
	primary key (log, position)
);
create unique index if not exists keypull_record_id on keypull_record (log, id);

create table if not exists keypull_key_page (
	number bigint primary key,
	version bigint not null,
	wrapper text collate "C" not null,
	sealed bytea not null
);
alter table keypull_key_page alter column sealed set storage external;
