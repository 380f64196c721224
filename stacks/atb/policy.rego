# METADATA
# title: Whether an agent may do what it asks
# description: >-
#   The broker asks for each request, once it has verified the token's signature and the agent's certificate. It gives
#   the token's claims (poa), who the agent proved to be (agent), what it asks (request), and whether the token's id was
#   seen before (replay). Whatever is missing denies.
package atb.poa

audience := "atb-broker"

# Tokens live for ten minutes; a longer one was not made by AgentAuth.
longest_life_seconds := 600

# How far AgentAuth's clock may be ahead of the broker's.
clock_skew_seconds := 30

decision := {"allow": allow, "reasons": denials}

default allow := false

allow if count(denials) == 0

denials contains "the token is not for this broker" if not for_this_broker

denials contains "the token belongs to another agent" if not held_by_agent

denials contains "the token is not in force" if not in_force

denials contains "the token was issued in the future" if not issued

denials contains "the token lives longer than ten minutes" if not short_lived

denials contains "the token was used before" if not first_use

denials contains "the token names nobody who answers for it" if not accountable

denials contains "the token does not grant this action" if not action_granted

denials contains sprintf("the token does not allow this %s", [name]) if {
	some name, allowed in object.get(input.poa, ["con", "params"], {})
	not parameter_allowed(name, allowed)
}

denials contains "the token's constraints are not understood" if not constraints_understood

for_this_broker if input.poa.aud == audience

for_this_broker if audience in input.poa.aud

held_by_agent if {
	startswith(input.agent.spiffe_id, "spiffe://")
	input.poa.sub == input.agent.spiffe_id
}

in_force if {
	now := time.now_ns() / 1000000000
	is_number(input.poa.nbf)
	is_number(input.poa.exp)
	input.poa.nbf <= now
	now < input.poa.exp
}

issued if {
	is_number(input.poa.iat)
	input.poa.iat <= (time.now_ns() / 1000000000) + clock_skew_seconds
}

# Neither iat nor nbf alone bounds the life: an early iat hides a late nbf, and the reverse.
short_lived if {
	every start in ["iat", "nbf"] {
		is_number(input.poa[start])
		is_number(input.poa.exp)
		life := input.poa.exp - input.poa[start]
		life > 0
		life <= longest_life_seconds
	}
}

first_use if {
	count(input.poa.jti) > 0
	input.replay.seen == false
}

accountable if count(input.poa.leg.accountable_party.id) > 0

action_granted if {
	count(input.request.action) > 0
	input.poa.act == input.request.action
}

# A constraint that this policy does not know might be the one that matters.
constraints_understood if {
	constraints := object.get(input.poa, "con", {})
	is_object(constraints)
	object.keys(constraints) - {"params"} == set()
	is_object(object.get(constraints, "params", {}))
}

# One of several values, or a number within bounds.
parameter_allowed(name, allowed) if {
	is_array(allowed)
	input.request.params[name] in allowed
}

# Without a minimum of its own it is 0, as a negative amount turns a payment around.
parameter_allowed(name, allowed) if {
	object.keys(allowed) - {"min", "max"} == set()
	is_number(allowed.max)
	least := object.get(allowed, "min", 0)
	is_number(least)
	value := input.request.params[name]
	is_number(value)
	value >= least
	value <= allowed.max
}
