/** Starts the proxy. */
export const proxy = String.raw`#!/bin/sh
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
