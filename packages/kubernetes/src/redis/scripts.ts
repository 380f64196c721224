/** What every script needs: the settings, the password, and how to ask a server. */
const common = String.raw`# Sourced by every script, the proxy's too. Needs a POSIX shell and, from the image, awk, cat, date, dirname, getent,
# grep, mkdir, mv, rm, sed, sha1sum, sleep, timeout and tr.
set -eu
umask 077

directory=$(dirname "$0")
. "$directory/settings.sh"

log() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" >&2; }
fail() { log "FAILED: $1"; exit 1; }

# redis-cli takes the password from this variable; among its arguments everybody on the node could read it.
case $REDISCLI_AUTH in
  '' | *[!A-Za-z0-9._~-]*) fail "the password must be made of letters, digits and -._~, as clients put it into a URL" ;;
esac

# Sets addresses to those that the pods announce, in order: the cluster addresses of their Services, which outlive the
# pods, and of which DNS is not asked again.
resolve() {
  attempt=0
  until addresses=$(all_addresses); do
    attempt=$((attempt + 1))
    [ "$attempt" -lt 120 ] || fail "the names $ANNOUNCE-0 to $ANNOUNCE-$((PODS - 1)) have no addresses"
    sleep 1
  done
}

all_addresses() {
  ordinal=0
  while [ "$ordinal" -lt "$PODS" ]; do
    found=$(getent hosts "$ANNOUNCE-$ordinal") || return 1
    printf '%s\n' "$found" | awk 'NR == 1 { print $1 }'
    ordinal=$((ordinal + 1))
  done
}
`;

/** What the scripts of the data pods share. */
const pod = String.raw`# Sourced by the scripts of the data pods.
. "$(dirname "$0")/common.sh"

own_ordinal=$(printf '%s' "$POD_NAME" | sed 's/.*-//')

# Sets me to the address that this pod announces.
resolve_own() {
  resolve
  me=$(printf '%s\n' "$addresses" | sed -n "$((own_ordinal + 1))p")
}

tls=
[ "$TLS" = no ] || tls="--tls --cacert $TLS_DIR/ca.crt"

# ask ADDRESS PORT COMMAND...: the answer of a server, or failure if there is none in time. A server that is stopped
# still accepts connections and says nothing.
ask() (
  host=$1 port=$2
  shift 2
  # shellcheck disable=SC2086
  timeout 2 redis-cli --no-auth-warning $tls -h "$host" -p "$port" "$@" 2>/dev/null
)

# field NAME: a line of INFO, read from standard input.
field() { tr -d '\r' | sed -n "s/^$1://p"; }

# The part of a configuration that says where a server listens.
listening() {
  echo "bind $POD_IP"
  echo "protected-mode no"
  if [ "$TLS" = no ]; then
    echo "port $1"
    return
  fi
  # A client proves itself by the password.
  cat <<END
port 0
tls-port $1
tls-replication yes
tls-auth-clients no
tls-cert-file $TLS_DIR/tls.crt
tls-key-file $TLS_DIR/tls.key
tls-ca-cert-file $TLS_DIR/ca.crt
END
}

# How a Sentinel watches the set, as the parameters of SENTINEL SET.
watching() {
  echo "down-after-milliseconds $DOWN_AFTER"
  echo "failover-timeout $FAILOVER_TIMEOUT"
  echo "parallel-syncs 1"
  echo "auth-pass $REDISCLI_AUTH"
}

# There once this pod has held the set's data. It goes with them when the volume is lost.
member=$DATA_DIR/redis/member
# There when an operator has decided that this pod's data count.
elected=$DATA_DIR/redis/elected
`;

const redis = String.raw`#!/bin/sh
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
  return 1
}

# Sets master, or says what it waits for. What is decided here, and why, is in docs/redis-ha.md.
decide() {
  if [ -e "$elected" ]; then
    log "an operator has elected this pod"
    master=$me own=known
    return 0
  fi
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
requirepass $REDISCLI_AUTH
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
rm -f "$elected"
[ "$master" = "$me" ] && log "starting as the master" || log "starting as a replica of $master"
unset REDISCLI_AUTH
exec redis-server "$RUN_DIR/redis.conf"
`;

const sentinel = String.raw`#!/bin/sh
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
requirepass $REDISCLI_AUTH
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
unset REDISCLI_AUTH
exec redis-sentinel "$state"
`;

const probe = String.raw`#!/bin/sh
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
    [ "$(known num-slaves)" -gt 0 ] && [ $(($(known num-other-sentinels) + 1)) -ge "$MAJORITY" ]
    ;;
  redis-started)
    [ "$(ask "$POD_IP" "$REDIS_PORT" PING)" = PONG ]
    ;;
  redis-alive)
    # One that loads its data, or whose master is away, is alive.
    case $(ask "$POD_IP" "$REDIS_PORT" PING) in PONG | *LOADING* | *MASTERDOWN*) ;; *) exit 1 ;; esac
    ;;
  redis-ready)
    info=$(ask "$POD_IP" "$REDIS_PORT" INFO)
    is() { [ "$(printf '%s' "$info" | field "$1")" = "$2" ]; }
    is loading 0 || exit 1
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

const stop = String.raw`#!/bin/sh
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

const elect = String.raw`#!/bin/sh
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

for address in $addresses; do
  {
    printf 'SENTINEL REMOVE %s\n' "$MASTER_SET"
    printf 'SENTINEL MONITOR %s %s %s %s\n' "$MASTER_SET" "$me" "$REDIS_PORT" "$QUORUM"
    printf 'SENTINEL SET %s %s\n' "$MASTER_SET" "$(watching | tr '\n' ' ')"
  } | ask "$address" "$SENTINEL_PORT" >/dev/null || log "the Sentinel at $address does not answer; run this again when it does"
done
# A server that runs follows at once; one that waits asks the Sentinels.
for address in $addresses; do
  [ "$address" = "$me" ] || ask "$address" "$REDIS_PORT" REPLICAOF "$me" "$REDIS_PORT" >/dev/null || true
done
log "this pod is the master"
`;

const proxy = String.raw`#!/bin/sh
# Becomes the proxy, which finds the pods' addresses in its environment.
. "$(dirname "$0")/common.sh"
resolve
ordinal=0
for address in $addresses; do
  export "ADDRESS_$ordinal=$address"
  ordinal=$((ordinal + 1))
done
exec haproxy -db -f "$directory/haproxy.cfg"
`;

/** The scripts, by file name. */
export const redisScripts: Record<string, string> = {
  "common.sh": common,
  "pod.sh": pod,
  "redis.sh": redis,
  "sentinel.sh": sentinel,
  "probe.sh": probe,
  "stop.sh": stop,
  "elect.sh": elect,
  "proxy.sh": proxy,
};
