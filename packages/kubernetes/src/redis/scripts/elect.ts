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
ask "$POD_IP" "$REDIS_PORT" REPLICAOF NO ONE >/dev/null
ask "$POD_IP" "$REDIS_PORT" CONFIG SET replica-priority 100 >/dev/null
: >"$member"

# First every Sentinel forgets the former master, then each is told the new one. A Sentinel that still knew the former one
# would win over those that are told already, because its configuration has been voted for and theirs has not.
for address in $addresses; do
  ask "$address" "$SENTINEL_PORT" SENTINEL REMOVE "$MASTER_SET" >/dev/null ||
    log "the Sentinel at $address does not answer; run this again when it does"
done
for address in $addresses; do
  {
    printf 'SENTINEL MONITOR %s %s %s %s\n' "$MASTER_SET" "$me" "$REDIS_PORT" "$QUORUM"
    printf 'SENTINEL SET %s %s\n' "$MASTER_SET" "$(watching | tr '\n' ' ')"
  } | ask "$address" "$SENTINEL_PORT" >/dev/null || true
done
# A server that runs follows at once; one that waits asks the Sentinels.
for address in $addresses; do
  [ "$address" = "$me" ] || ask "$address" "$REDIS_PORT" REPLICAOF "$me" "$REDIS_PORT" >/dev/null || true
done

# Sentinels exchange what they know every two seconds.
sleep 5
for address in $addresses; do
  named=$(ask "$address" "$SENTINEL_PORT" SENTINEL GET-MASTER-ADDR-BY-NAME "$MASTER_SET" | awk 'NR == 1') || continue
  [ "$named" = "$me" ] || fail "the Sentinel at $address names $named as the master; run this again"
done
log "this pod is the master"
`;
