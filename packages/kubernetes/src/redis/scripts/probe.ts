/** The probes of servers and Sentinels. */
export const probe = String.raw`#!/bin/sh
# probe.sh redis-started | redis-alive | redis-ready | sentinel-alive | sentinel-ready
. "$(dirname "$0")/pod.sh"

case $1 in
  sentinel-alive)
    [ "$(ask "$POD_IP" "$SENTINEL_PORT" PING)" = PONG ]
    ;;
  sentinel-ready)
    # It knows enough to replace the master: a replica, and with the other Sentinels it is a majority.
    view=$(ask "$POD_IP" "$SENTINEL_PORT" SENTINEL MASTER "$MASTER_SET") || exit 1
    known() { printf '%s\n' "$view" | tr -d '\r' | awk -v name="$1" 'last == name { n = $0 } { last = $0 } END { print n + 0 }'; }
    [ "$(known num-slaves)" -gt 0 ] && [ $(($(known num-other-sentinels) + 1)) -ge "$MAJORITY" ] || exit 1
    # And it talks to them now: what it knows may be of another day, and they may refuse its password.
    case $(ask "$POD_IP" "$SENTINEL_PORT" SENTINEL CKQUORUM "$MASTER_SET") in OK*) ;; *) exit 1 ;; esac
    ;;
  redis-started)
    [ "$(ask "$POD_IP" "$REDIS_PORT" PING)" = PONG ] || {
      [ ! -e "$RUN_DIR/waiting" ] || sed 's/^/waiting: /' "$RUN_DIR/waiting"
      exit 1
    }
    ;;
  redis-alive)
    # One that loads its data, or whose master is away, is alive.
    case $(ask "$POD_IP" "$REDIS_PORT" PING) in PONG | *LOADING* | *MASTERDOWN*) ;; *) exit 1 ;; esac
    ;;
  redis-ready)
    info=$(ask "$POD_IP" "$REDIS_PORT" INFO)
    is() { [ "$(printf '%s' "$info" | field "$1")" = "$2" ]; }
    is loading 0 || exit 1
    # A master that refuses writes without enough replicas is not ready, nor a replica that its master refuses.
    [ "$MIN_REPLICAS" -eq 0 ] || ! is role master ||
      [ "$(printf '%s' "$info" | field min_slaves_good_slaves)" -ge "$MIN_REPLICAS" ] || exit 1
    is role master || { is master_link_status up && is master_sync_in_progress 0; } || exit 1
    # In step with the master, and what it received is on disk, not in memory alone: from now on it may take over.
    if is slave_priority 0 && is aof_rewrite_in_progress 0 && is aof_rewrite_scheduled 0; then
      : >"$member"
      ask "$POD_IP" "$REDIS_PORT" CONFIG SET replica-priority 100 >/dev/null
    fi
    ;;
  *) fail "no such probe: $1" ;;
esac
`;
