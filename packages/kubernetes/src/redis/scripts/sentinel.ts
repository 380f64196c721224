/** Starts a Sentinel. */
export const sentinel = String.raw`#!/bin/sh
# Starts this pod's Sentinel with the settings of today and all that it knew when it stopped. One that never knew a
# master starts without, and says so when it is asked; redis.sh tells it.
. "$(dirname "$0")/pod.sh"
resolve_own

state=$DATA_DIR/sentinel/sentinel.conf
mkdir -p "$DATA_DIR/sentinel"

# What Sentinel wrote by itself: lines that begin with the given words.
kept() { [ ! -e "$state" ] || grep -E "^sentinel ($1) " "$state" || true; }

configuration() {
  listening "$SENTINEL_PORT"
  cat <<END
dir $DATA_DIR/sentinel
sentinel sentinel-pass $REDISCLI_AUTH
sentinel myid $(printf '%s' "$POD_NAME" | sha1sum | awk '{ print $1 }')
sentinel announce-ip $me
sentinel announce-port $SENTINEL_PORT
sentinel deny-scripts-reconfig yes
END
  kept current-epoch
  monitored=$(kept "monitor $MASTER_SET" | awk '{ print $4 }')
  [ -n "$monitored" ] || return 0
  echo "sentinel monitor $MASTER_SET $monitored $REDIS_PORT $QUORUM"
  watching | while read -r parameter value; do echo "sentinel $parameter $MASTER_SET $value"; done
  kept "(config-epoch|leader-epoch|known-replica|known-sentinel) $MASTER_SET"
}

configuration >"$state.new"
mv "$state.new" "$state"
unset REDISCLI_AUTH REDIS_ALSO_ACCEPTS
exec redis-sentinel "$state"
`;
