/** The preStop hook of servers and Sentinels. */
export const stop = String.raw`#!/bin/sh
# stop.sh redis | sentinel: run before the container is told to stop. A master hands over first; the Sentinel stays as
# long as that takes. Both are bounded within 45 s, the pod's grace period is 60.
. "$(dirname "$0")/pod.sh"

role() { ask "$POD_IP" "$REDIS_PORT" INFO replication | field role; }

if [ "$1" = sentinel ]; then
  waited=0
  while [ "$waited" -lt 60 ] && [ "$(role)" = master ]; do
    waited=$((waited + 1))
    sleep 0.5
  done
  exit 0
fi

# A server that is writing its first log after a copy of everything refuses to end, and would be killed in the end.
until_written() {
  waited=0
  while [ "$waited" -lt 150 ]; do
    info=$(ask "$POD_IP" "$REDIS_PORT" INFO) || return 0
    is() { [ "$(printf '%s' "$info" | field "$1")" = "$2" ]; }
    if is loading 0 && is master_sync_in_progress 0 && is aof_rewrite_in_progress 0 && is aof_rewrite_scheduled 0; then
      # One that has only begun to follow has yet to see whether it needs a copy.
      [ "$1" = following ] || is master_link_status up && return 0
    fi
    waited=$((waited + 1))
    sleep 0.1
  done
}

if [ "$(role)" != master ]; then
  until_written following
  exit 0
fi
resolve_own

# Writes wait while the replicas catch up, so that none is acknowledged that the next master does not have. The pause
# ends by itself if this script does not live to end it.
ask "$POD_IP" "$REDIS_PORT" CLIENT PAUSE 20000 WRITE >/dev/null
resume() { ask "$POD_IP" "$REDIS_PORT" CLIENT UNPAUSE >/dev/null || true; }
trap resume EXIT
offset=$(ask "$POD_IP" "$REDIS_PORT" INFO replication | field master_repl_offset)

# Whether every replica that can take over has all of it; fails if there is none.
caught_up() {
  successors=0
  for address in $addresses; do
    [ "$address" != "$me" ] || continue
    replication=$(ask "$address" "$REDIS_PORT" INFO replication) || continue
    of() { printf '%s' "$replication" | field "$1"; }
    [ "$(of role)" = slave ] && [ "$(of master_link_status)" = up ] && [ "$(of slave_priority)" -gt 0 ] || continue
    successors=$((successors + 1))
    [ "$(of slave_repl_offset)" -ge "$offset" ] || return 1
  done
}

waited=0
until caught_up; do
  waited=$((waited + 1))
  [ "$waited" -lt 50 ] || break
  sleep 0.1
done
[ "$successors" -gt 0 ] || { log "no replica can take over"; exit 0; }

log "handing over"
waited=0
while [ "$waited" -lt 150 ]; do
  next=$(ask "$POD_IP" "$SENTINEL_PORT" SENTINEL GET-MASTER-ADDR-BY-NAME "$MASTER_SET" | awk 'NR == 1') || next=
  if [ -n "$next" ] && [ "$next" != "$me" ]; then
    # The Sentinels would do it as well, some seconds later.
    ask "$POD_IP" "$REDIS_PORT" REPLICAOF "$next" "$REDIS_PORT" >/dev/null
    resume
    log "$next has taken over"
    until_written new
    exit 0
  fi
  # Refused while a failover is under way, or as long as the Sentinel has not seen that a replica is good.
  [ $((waited % 5)) -ne 0 ] || ask "$POD_IP" "$SENTINEL_PORT" SENTINEL FAILOVER "$MASTER_SET" >/dev/null || true
  waited=$((waited + 1))
  sleep 0.1
done
log "nobody has taken over"
`;
