import { commonScript } from "./commonScript.ts";

const backup = String.raw`#!/bin/sh
# Copies what a Redis holds, from a replica if there is one. A copy gets its name only when it has been read back whole;
# until then it is under .incomplete/, where nobody takes it for a backup.
suffix=rdb
. "$(dirname "$0")/common.sh"

name=backup_$(date -u +%Y%m%dT%H%M%SZ).rdb
tls=
[ -z "$REDIS_CA" ] || tls="--tls --cacert $REDIS_CA"

# The password is in REDISCLI_AUTH, which redis-cli reads.
# shellcheck disable=SC2086
ask() { timeout 10 redis-cli --no-auth-warning $tls -h "$1" -p 6379 INFO replication | tr -d '\r'; }

source=
master=
for host in $REDIS_HOSTS; do
  replication=$(ask "$host") || continue
  case $replication in
    *role:master*) master=$host ;;
    *master_link_status:up*) source=$host && break ;;
  esac
done
[ -n "$source" ] || source=$master
[ -n "$source" ] || fail "neither a replica in step nor a master answers among $REDIS_HOSTS"

clear_incomplete || fail "what an earlier run left behind cannot be removed"

log "copying $source to $incomplete/$name"
# shellcheck disable=SC2086
redis-cli --no-auth-warning $tls -h "$source" -p 6379 --rdb "$work/copy" >&2 || fail "$source gave no copy"
redis-check-rdb "$work/copy" >"$work/check" || fail "what $source gave is not a whole copy"
upload "$name" "$(wc -c <"$work/copy")" <"$work/copy" || fail "the copy cannot be put in its place"

log "reading it back"
download "$incomplete/$name" >"$work/read" || fail "the copy cannot be read back"
cmp -s "$work/copy" "$work/read" || fail "what is read back is not what was copied"

publish "$name" || fail "the copy cannot be given its name"
log "complete: $BACKUP_LOCATION/$name"
thin_out
`;

const restoreCheck = String.raw`#!/bin/sh
# Proves that the newest copy can be restored: loads it into a server of its own, and counts its entries.
suffix=rdb
. "$(dirname "$0")/common.sh"

find_newest
download "$BACKUP_LOCATION/$newest" >"$work/copy" || fail "$newest cannot be read to its end"
redis-check-rdb "$work/copy" >"$work/check" || fail "$newest is not a whole copy"

log "loading $newest, $age s old"
# Only this container reaches the socket. Entries that have expired meanwhile are not loaded.
redis-server --port 0 --unixsocket "$work/socket" --dir "$work" --dbfilename copy --save "" --appendonly no \
  >"$work/log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
waited=0
until [ "$(redis-cli -s "$work/socket" PING 2>/dev/null)" = PONG ]; do
  kill -0 "$server" 2>/dev/null || fail "$newest cannot be loaded: $(tail -n 1 "$work/log")"
  waited=$((waited + 1))
  [ "$waited" -lt 600 ] || fail "$newest is not loaded within ten minutes"
  sleep 1
done
entries=$(redis-cli -s "$work/socket" DBSIZE)
[ "$entries" -ge "$LEAST_ENTRIES" ] || fail "$newest has $entries entries; at least $LEAST_ENTRIES are expected"
log "proven: $newest can be restored, with $entries entries"
`;

/** The scripts of the copies of a Redis and of their restore check, by file name. */
export const redisBackupScripts: Record<string, string> = {
  "common.sh": commonScript,
  "backup.sh": backup,
  "restore-check.sh": restoreCheck,
};
