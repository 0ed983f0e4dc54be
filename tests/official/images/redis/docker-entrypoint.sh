#!/bin/sh
# Does what the official image's entrypoint of this name does for a user that is not root: options and *.conf are
# redis-server's, and files that it writes are nobody else's to read.
set -e
case "${1:-}" in -* | *.conf) set -- redis-server "$@" ;; esac
[ "$(umask)" != 0022 ] || umask 0077
exec "$@"
