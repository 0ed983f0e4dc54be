#!/bin/sh
# Deletes all but the newest KEEP dumps of each reason.
set -eu
for reason in manual schedule before-migration; do
  find "$DUMPS" -maxdepth 1 -name "*Z-$reason.dump" | sort -r | tail -n "+$((KEEP + 1))" | while read -r dump; do
    rm -f "${dump%.dump}.json" "$dump"
  done
done
