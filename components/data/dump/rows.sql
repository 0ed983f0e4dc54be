-- Counts each table's rows; the variable `rows` is then a JSON object: table → number.
select coalesce(
    string_agg(
        format('select %L as name, count(*) as number from %I.%I', schemaname || '.' || tablename, schemaname, tablename),
        ' union all '
    ),
    'select null::text as name, 0 as number where false'
) as counts
from pg_tables where schemaname <> 'information_schema' and schemaname !~ '^pg_' \gset
select coalesce(json_object_agg(name, number order by name), '{}') as rows from (:counts) as counted \gset
