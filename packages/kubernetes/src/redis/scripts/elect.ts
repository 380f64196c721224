/** An operator's choice of the master. */
export const elect = String.raw`#!/bin/sh
# An operator's decision where the set must not decide by itself: the data of this pod count, and every other pod takes
# them over. What the others alone have is lost.
. "$(dirname "$0")/pod.sh"
resolve_own

role() { ask "$POD_IP" "$REDIS_PORT" INFO replication | field role; }

# Where Redis does not run, redis.sh waits for a decision, and this is it.
[ -n "$(role)" ] || : >"$elected"
waited=0
until [ -n "$(role)" ]; do
  waited=$((waited + 1))
  [ "$waited" -lt 120 ] || fail "Redis does not start"
  sleep 1
done
ask "$POD_IP" "$REDIS_PORT" CONFIG SET replica-priority 100 >/dev/null
: >"$member"

# In one connection, or a pod that waits might find no Sentinel that knows a master, and take it for the first start.
tell() {
  {
    printf 'SENTINEL REMOVE %s\n' "$MASTER_SET"
    printf 'SENTINEL MONITOR %s %s %s %s\n' "$MASTER_SET" "$me" "$REDIS_PORT" "$QUORUM"
    printf 'SENTINEL SET %s %s\n' "$MASTER_SET" "$(watching | tr '\n' ' ')"
  } | ask "$1" "$SENTINEL_PORT" >/dev/null || log "the Sentinel at $1 does not answer; run this again when it does"
}

claim() {
  ask "$POD_IP" "$REDIS_PORT" REPLICAOF NO ONE >/dev/null
  # All at once: a Sentinel that still knows the former master wins over those that have been told already, because its
  # configuration has been voted for and theirs has not.
  for address in $addresses; do tell "$address" & done
  wait
  # A server that runs follows at once; one that waits asks the Sentinels.
  for address in $addresses; do
    [ "$address" = "$me" ] || ask "$address" "$REDIS_PORT" REPLICAOF "$me" "$REDIS_PORT" >/dev/null || true
  done
}

# Whether every Sentinel that answers names this pod.
agreed() {
  for address in $addresses; do
    named=$(ask "$address" "$SENTINEL_PORT" SENTINEL GET-MASTER-ADDR-BY-NAME "$MASTER_SET") || continue
    [ "$(printf '%s\n' "$named" | awk 'NR == 1')" = "$me" ] || return 1
  done
}

claims=0
until [ "$claims" -gt 0 ] && agreed; do
  [ "$claims" -lt 5 ] || fail "the Sentinels do not agree on this pod"
  claims=$((claims + 1))
  claim
  # Sentinels exchange what they know every two seconds.
  sleep 3
done
log "this pod is the master"
`;
