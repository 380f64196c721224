/** What the scripts of the data pods source. */
export const pod = String.raw`# Sourced by the scripts of the data pods.
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

# Whether a password is one that this pod accepts.
is_accepted() { [ "$1" = "$REDISCLI_AUTH" ] || [ "$1" = "${"$"}{REDIS_ALSO_ACCEPTS-$REDISCLI_AUTH}" ]; }

# The part of a configuration that says where a server listens, and which passwords it accepts. The ACL of the default
# user takes two; requirepass would take one.
listening() {
  also=
  [ -z "${"$"}{REDIS_ALSO_ACCEPTS-}" ] || also=" >$REDIS_ALSO_ACCEPTS"
  echo "user default on >$REDISCLI_AUTH$also ~* &* +@all"
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
