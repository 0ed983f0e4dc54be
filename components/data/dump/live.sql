\ir rows.sql
\ir schema.sql
\set about `cat "$ABOUT"`
select :'about'::jsonb || jsonb_build_object('schema', :'schema'::jsonb, 'rows', :'rows'::jsonb);
