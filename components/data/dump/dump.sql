-- Dumps the database into the file DUMP and prints its manifest: what is dumped and what is counted is one snapshot.
begin transaction isolation level repeatable read read only;
select pg_export_snapshot() as snapshot \gset
\setenv SNAPSHOT :snapshot
\! pg_dump --format=custom --snapshot="$SNAPSHOT" --file="$DUMP.part" && mv "$DUMP.part" "$DUMP"
\ir rows.sql
\ir schema.sql
commit;
\set sha256 `sha256sum <"$DUMP" | cut -c1-64`
\set size `stat -c %s "$DUMP"`
\set about `cat "$ABOUT"`
\set taken `echo "$TAKEN"`
\set reason `echo "$REASON"`
\set commit `echo "${COMMIT:-}"`
\set image `echo "${SERVING:-}"`
\set next_image `echo "${NEXT_IMAGE:-}"`
select :'about'::jsonb || jsonb_build_object(
    'taken', :'taken',
    'reason', :'reason',
    'commit', nullif(:'commit', ''),
    'image', nullif(:'image', ''),
    'next_image', nullif(:'next_image', ''),
    'sha256', :'sha256',
    'size', :'size'::bigint,
    'schema', :'schema'::jsonb,
    'rows', :'rows'::jsonb
);
