#!/bin/sh
# Dumps the database whenever SCHEDULE says, and keeps KEEP dumps of each reason. All times are UTC.
# A dump that was due while this did not run is made at the start; one that failed is tried again after RETRY seconds.
. "${0%/*}/common.sh"
DUE=${DUE:-/tmp/due}

# What the running schema belongs to, for the dump before the next migration.
printf '%s' "$IMAGE" >"$DUMPS/.image"
sh "$programs/prune.sh"
rm -f "$DUE"
[ "$SCHEDULE" != null ] || { echo "no schedule"; exec sleep infinity; }

# Of the last scheduled dump, else now.
last() {
  newest=$(find "$DUMPS" -maxdepth 1 -name '*Z-schedule.json' | sort | tail -n 1)
  newest=${newest##*/}
  if [ -n "$newest" ]; then echo "${newest%%Z*}"; else date -u +%Y%m%dT%H%M%S; fi
}

while true; do
  if [ ! -s "$DUE" ]; then
    date +%s >"$DUE"
    until next=$(FROM=$(last) sql -f "$programs/next.sql"); do sleep 10; done
    echo "$next" >"$DUE"
    echo "next dump: $(date -u -d "@$next" +%Y-%m-%dT%H:%M:%SZ)"
  fi
  rest=$(($(cat "$DUE") - $(date +%s)))
  if [ "$rest" -gt 0 ]; then
    # In parts: a clock that was put forward is seen.
    sleep "$((rest < 60 ? rest : 60))"
  elif sh "$programs/dump.sh" schedule; then
    rm -f "$DUE"
  else
    echo "the dump failed; the next try is in ${RETRY:-300} s" >&2
    sleep "${RETRY:-300}"
  fi
done
