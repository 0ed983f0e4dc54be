-- Prints when the next dump is due after FROM, in seconds since 1970: SCHEDULE holds what minutes, hours and days match.
\set schedule `echo "$SCHEDULE"`
\set from `echo "$FROM"`
with days as (
    select day from generate_series(date_trunc('day', :'from'::timestamp), :'from'::timestamp + '5 years', '1 day') as day
    where :'schedule'::jsonb -> 'months' @> to_jsonb(extract(month from day)::int)
    and case when (:'schedule'::jsonb -> 'both_days')::boolean
        then :'schedule'::jsonb -> 'days' @> to_jsonb(extract(day from day)::int)
            and :'schedule'::jsonb -> 'weekdays' @> to_jsonb(extract(dow from day)::int)
        else :'schedule'::jsonb -> 'days' @> to_jsonb(extract(day from day)::int)
            or :'schedule'::jsonb -> 'weekdays' @> to_jsonb(extract(dow from day)::int)
        end
    order by day limit 2
), times as (
    select day + make_interval(hours => hour::int, mins => minute::int) as time
    from days, jsonb_array_elements_text(:'schedule'::jsonb -> 'hours') as hour,
        jsonb_array_elements_text(:'schedule'::jsonb -> 'minutes') as minute
)
select extract(epoch from min(time))::bigint from times where time > :'from'::timestamp;
