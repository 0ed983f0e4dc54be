-- Which migrations the database has had; the variable `schema` is then a JSON object.
select to_regclass('public._prisma_migrations') is not null as migrated \gset
\set schema '{"last": null, "count": 0}'
\if :migrated
select json_build_object('last', max(migration_name collate "C"), 'count', count(*)) as schema
from public._prisma_migrations where finished_at is not null and rolled_back_at is null \gset
\endif
