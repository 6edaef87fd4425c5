#!/bin/sh
# A PostgreSQL of this machine for apphost.cs: its data in the folder given, its port in PGPORT, on loopback alone,
# without passwords. It does not run as root, so there the user of Debian's package does, who must be able to reach the
# folder.
set -eu
data=$1
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
mkdir -p "$data"
as=""
if [ "$(id -u)" = 0 ]; then
  chown postgres: "$data"
  as="setpriv --reuid=postgres --regid=postgres --init-groups"
fi
if [ ! -s "$data/PG_VERSION" ]; then
  $as "$bin/initdb" -D "$data" -U postgres -A trust -N > /dev/null
fi
exec $as "$bin/postgres" -D "$data" -p "${PGPORT:-5432}" \
  -c listen_addresses=127.0.0.1 -c unix_socket_directories="$data"
