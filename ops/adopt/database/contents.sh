# Prints what a database holds, as JSON: rows of each table, sums of money, the schema, and what LiteLLM encrypted.
# shellcheck shell=sh disable=SC1091,SC2154
. "${0%/*}/common.sh"
sql -d "$1" <<SQL
\\i $programs/rows.sql
\\i $programs/schema.sql
select coalesce(
    string_agg(
        format('select %L as name, coalesce(sum(spend), 0) as number from %I.%I', table_name, table_schema, table_name),
        ' union all '
    ),
    'select null::text as name, 0 as number where false'
) as sums
from information_schema.columns join information_schema.tables using (table_schema, table_name)
where column_name = 'spend' and table_schema = 'public' and table_type = 'BASE TABLE' \\gset
select coalesce(json_object_agg(name, round(number::numeric, 6)::text order by name), '{}') as spend from (:sums) as summed \\gset
select coalesce(
    (select token from "LiteLLM_VerificationToken" where expires is null or expires > now() order by token limit 1), ''
) as key \\gset
\\set models '{}'
\\set credentials '{}'
select to_regclass('public."LiteLLM_ProxyModelTable"') is not null as has_models,
    to_regclass('public."LiteLLM_CredentialsTable"') is not null as has_credentials \\gset
\\if :has_models
select coalesce(json_object_agg(model_id, litellm_params), '{}') as models from "LiteLLM_ProxyModelTable" \\gset
\\endif
\\if :has_credentials
select coalesce(json_object_agg(credential_name, credential_values), '{}') as credentials from "LiteLLM_CredentialsTable" \\gset
\\endif
select json_build_object(
    'rows', :'rows'::json, 'schema', :'schema'::json, 'spend', :'spend'::json, 'key', :'key',
    'models', :'models'::json, 'credentials', :'credentials'::json
);
SQL
