#!/bin/sh
# Does what the official image's entrypoint of this name does: HAProxy runs in the foreground under its master process.
set -e
case "${1:-}" in -*) set -- haproxy "$@" ;; esac
if [ "${1:-}" = haproxy ]; then
  shift
  set -- haproxy -W -db "$@"
fi
exec "$@"
