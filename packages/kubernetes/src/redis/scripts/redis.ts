/** Decides a server's role and starts it. */
export const redis = String.raw`#!/bin/sh
# Decides whether this pod's Redis is the master or a replica, and becomes the server.
. "$(dirname "$0")/pod.sh"

# Asks every Sentinel. Sets answered; blank, how many of them have never known a master; master, in the newest view
# that any of them has, or nothing; heirs, the most replicas that any of them knows; own, this pod's Sentinel: known,
# blank or nothing.
survey() {
  answered=0 blank=0 epoch=-1 master='' heirs=0 own=''
  for address in $addresses; do
    at=$address
    [ "$address" != "$me" ] || at=$POD_IP
    read -r its_epoch its_heirs its_master <<END
$(view_of "$at")
END
    [ -n "$its_epoch" ] || continue
    answered=$((answered + 1))
    [ "$address" != "$me" ] || own=known
    if [ "$its_epoch" = blank ]; then
      blank=$((blank + 1))
      [ "$address" != "$me" ] || own=blank
      continue
    fi
    [ "$its_heirs" -le "$heirs" ] || heirs=$its_heirs
    [ "$its_epoch" -le "$epoch" ] || epoch=$its_epoch master=$its_master
  done
}

# A Sentinel's view: its epoch, the number of replicas that it knows, and the master's address; or blank.
view_of() {
  printf 'SENTINEL GET-MASTER-ADDR-BY-NAME %s\nSENTINEL MASTER %s\n' "$MASTER_SET" "$MASTER_SET" |
    ask "$1" "$SENTINEL_PORT" | tr -d '\r' | awk '
      /No such master/ { print "blank"; exit }
      NR == 1 { address = $0 }
      NR > 2 && NR % 2 { key = $0; next }
      { value[key] = $0 }
      END { if ("config-epoch" in value) print value["config-epoch"], value["num-slaves"], address }'
}

# Whether another pod has the data and can take over. A replica says so by its priority once it has been in step with
# the master since its start.
successor() {
  for address in $addresses; do
    [ "$address" != "$me" ] || continue
    replication=$(ask "$address" "$REDIS_PORT" INFO replication) || continue
    [ "$(printf '%s' "$replication" | field role)" = slave ] || continue
    [ "$(printf '%s' "$replication" | field slave_priority)" -eq 0 ] || return 0
  done
  return 1
}

# Has a Sentinel begin a failover. By themselves they try again only some time after one has failed.
insist() {
  for address in $addresses; do
    answer=$(ask "$address" "$SENTINEL_PORT" SENTINEL FAILOVER "$MASTER_SET") || continue
    [ "$answer" != OK ] || return 0
  done
}

wait_for() {
  [ "$reason" = "$1" ] || log "waiting: $1"
  reason=$1
  # The startup probe repeats it, so that it stands among the pod's events.
  printf '%s\n' "$1" >"$RUN_DIR/waiting"
  return 1
}

# Whether the other pods accept this pod's password, and use one that this pod accepts. A pod that joins without is cut
# off from the others, and with the next one the set loses its majority.
agrees() {
  for address in $addresses; do
    [ "$address" != "$me" ] || continue
    for question in "$REDIS_PORT CONFIG GET masterauth" "$SENTINEL_PORT SENTINEL CONFIG GET sentinel-pass"; do
      # shellcheck disable=SC2086
      answer=$(ask "$address" $question) || continue
      case $answer in
        *NOAUTH* | *WRONGPASS*)
          wait_for "the pod at $address refuses this pod's password: deploy the new one as alsoAccepts first (docs/redis-ha.md)"
          return
          ;;
      esac
      used=$(printf '%s\n' "$answer" | tr -d '\r' | sed -n 2p)
      [ -z "$used" ] || is_accepted "$used" ||
        wait_for "the pod at $address uses a password that this pod refuses: keep the old one as alsoAccepts until every pod uses the new one (docs/redis-ha.md)" ||
        return
    done
  done
}

# Sets master, or says what it waits for. What is decided here, and why, is in docs/redis-ha.md.
decide() {
  if [ -e "$elected" ]; then
    log "an operator has elected this pod"
    master=$me own=known
    return 0
  fi
  agrees || return
  survey
  [ -n "$own" ] || { wait_for "this pod's Sentinel does not answer"; return; }
  if [ "$blank" -eq "$PODS" ]; then
    # Every pod says that there never was a master: this is the first start.
    master=$me
    [ "$own_ordinal" -eq 0 ] || wait_for "the first pod begins the set"
    return
  fi
  [ -n "$master" ] || { wait_for "$answered of $PODS Sentinels answer, and none of them knows the master"; return; }
  # The newest view may be with one that is still starting.
  [ "$answered" -eq "$PODS" ] || { [ "$answered" -ge "$MAJORITY" ] && [ "$tries" -ge 10 ]; } ||
    { wait_for "$answered of $PODS Sentinels answer"; return; }
  [ "$master" = "$me" ] || return 0
  # Sentinels learn of replicas from the master alone, every ten seconds. If it ended before the first time, none of them
  # can put a replica in its place, now or later.
  if { [ "$answered" -lt "$PODS" ] || [ "$heirs" -gt 0 ]; } && successor; then
    # It takes this pod's place, and the Sentinels see to it: nobody must return as the master while they do.
    held=$((held + 1))
    [ $((held % 16)) -ne 0 ] || insist
    wait_for "a replica takes over from this pod"
    return
  fi
  [ "$PERSISTENT" = no ] || [ -e "$member" ] ||
    wait_for "this pod is the master by the Sentinels' view, and its data are gone; a replica must take over, or an operator decide (elect.sh)"
}

# Tells this pod's Sentinel about the set, if it never knew.
teach() {
  {
    [ "$own" != blank ] || printf 'SENTINEL MONITOR %s %s %s %s\n' "$MASTER_SET" "$master" "$REDIS_PORT" "$QUORUM"
    printf 'SENTINEL SET %s %s\n' "$MASTER_SET" "$(watching | tr '\n' ' ')"
  } | ask "$POD_IP" "$SENTINEL_PORT" >/dev/null || log "this pod's Sentinel was not told about the set"
}

configuration() {
  cat "$directory/redis.conf"
  listening "$REDIS_PORT"
  cat <<END
dir $DATA_DIR/redis
masterauth $REDISCLI_AUTH
replica-announce-ip $me
replica-announce-port $REDIS_PORT
END
  [ "$master" != "$me" ] || return 0
  echo "replicaof $master $REDIS_PORT"
  # Until it is in step, its data are old or none, and it must not take over. A cache has nothing to lose.
  [ "$PERSISTENT" = no ] || echo "replica-priority 0"
}

mkdir -p "$DATA_DIR/redis"
# What was in memory alone is gone at each start.
[ "$PERSISTENT" = yes ] || rm -f "$member"

if [ "$PODS" -eq 1 ]; then
  me=$POD_IP master=$POD_IP
else
  resolve_own
  reason=
  tries=0
  held=0
  until decide; do
    tries=$((tries + 1))
    sleep 0.5
  done
  # Before the Sentinel is told, or a crash in between would look as if the data were lost.
  [ "$master" != "$me" ] || : >"$member"
  teach
fi

configuration >"$RUN_DIR/redis.conf.new"
mv "$RUN_DIR/redis.conf.new" "$RUN_DIR/redis.conf"
rm -f "$elected" "$RUN_DIR/waiting"
[ "$master" = "$me" ] && log "starting as the master" || log "starting as a replica of $master"
unset REDISCLI_AUTH REDIS_ALSO_ACCEPTS
exec redis-server "$RUN_DIR/redis.conf"
`;
