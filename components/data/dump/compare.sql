-- Prints each table whose number of rows is not the manifest's.
\ir rows.sql
\set manifest `cat "$MANIFEST"`
select format('%s has %s rows instead of %s', key, coalesce(found.value #>> '{}', 'no'), coalesce(dumped.value #>> '{}', 'no'))
from jsonb_each(:'rows') as found full join jsonb_each(:'manifest'::jsonb -> 'rows') as dumped using (key)
where found.value is distinct from dumped.value order by key;
