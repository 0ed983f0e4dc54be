#!/bin/sh
# Prints what the live database is, in a manifest's words: its stack, salt key, schema and rows.
. "${0%/*}/common.sh"
sql -f "$programs/live.sql"
