package atb.poa_test

import data.atb.poa

now := time.now_ns() / 1000000000

request := {
	"agent": {"spiffe_id": "spiffe://example.org/agents/payments"},
	"poa": {
		"aud": "atb-broker",
		"sub": "spiffe://example.org/agents/payments",
		"iat": now - 60,
		"nbf": now - 60,
		"exp": now + 540,
		"jti": "2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d",
		"act": "invoice.pay",
		"leg": {"accountable_party": {"id": "user-17"}},
		"con": {"params": {"amount": {"max": 500}, "currency": ["EUR", "CHF"]}},
	},
	"request": {"action": "invoice.pay", "params": {"amount": 120, "currency": "EUR"}},
	"replay": {"seen": false},
}

patched(operations) := json.patch(request, operations)

denied(document, reason) if {
	decision := poa.decision with input as document
	decision.allow == false
	decision.reasons == {reason}
}

test_a_request_within_its_token_is_allowed if {
	poa.decision == {"allow": true, "reasons": set()} with input as request
}

test_no_input_is_denied_for_every_reason if {
	decision := poa.decision with input as {}
	decision.allow == false
	{
		"the token is not for this broker",
		"the token belongs to another agent",
		"the token is not in force",
		"the token was issued in the future",
		"the token lives longer than ten minutes",
		"the token was used before",
		"the token names nobody who answers for it",
		"the token does not grant this action",
	} - decision.reasons == set()
}

test_the_decision_is_defined_for_any_input if {
	every document in [null, 7, "text", [], {"poa": null}, {"poa": {"con": 3}}, {"poa": {"con": {"params": []}}}] {
		decision := poa.decision with input as document
		decision.allow == false
	}
}

test_one_of_several_audiences if {
	document := patched([{"op": "replace", "path": "/poa/aud", "value": ["other", "atb-broker"]}])
	poa.decision.allow with input as document
}

test_another_audience if {
	every audience in ["other", ["other"], [], "atb-broker-2"] {
		document := patched([{"op": "replace", "path": "/poa/aud", "value": audience}])
		denied(document, "the token is not for this broker")
	}
}

test_a_stolen_token if {
	document := patched([{"op": "replace", "path": "/agent/spiffe_id", "value": "spiffe://example.org/agents/other"}])
	denied(document, "the token belongs to another agent")
}

test_an_agent_without_an_identity if {
	document := patched([
		{"op": "replace", "path": "/agent/spiffe_id", "value": ""},
		{"op": "replace", "path": "/poa/sub", "value": ""},
	])
	denied(document, "the token belongs to another agent")
}

test_an_expired_token if {
	document := patched([
		{"op": "replace", "path": "/poa/exp", "value": now - 1},
		{"op": "replace", "path": "/poa/nbf", "value": now - 60},
	])
	denied(document, "the token is not in force")
}

test_a_token_of_tomorrow if {
	denied(patched([{"op": "replace", "path": "/poa/nbf", "value": now + 30}]), "the token is not in force")
}

test_a_time_that_is_no_number if {
	# Rego orders numbers before strings, so that "" would never expire.
	document := patched([{"op": "replace", "path": "/poa/exp", "value": "never"}])
	decision := poa.decision with input as document
	decision.reasons == {"the token is not in force", "the token lives longer than ten minutes"}
}

test_a_token_that_lives_too_long if {
	denied(patched([{"op": "replace", "path": "/poa/exp", "value": now + 541}]), "the token lives longer than ten minutes")
}

test_a_late_iat_does_not_hide_a_long_life if {
	document := patched([
		{"op": "replace", "path": "/poa/iat", "value": now},
		{"op": "replace", "path": "/poa/exp", "value": now + 600},
	])
	denied(document, "the token lives longer than ten minutes")
}

test_a_late_nbf_does_not_hide_a_long_life if {
	document := patched([
		{"op": "replace", "path": "/poa/nbf", "value": now},
		{"op": "replace", "path": "/poa/exp", "value": now + 600},
	])
	denied(document, "the token lives longer than ten minutes")
}

test_a_token_of_ten_minutes if {
	poa.decision.allow with input as patched([
		{"op": "replace", "path": "/poa/iat", "value": now},
		{"op": "replace", "path": "/poa/nbf", "value": now},
		{"op": "replace", "path": "/poa/exp", "value": now + 600},
	])
}

test_a_clock_that_is_ahead if {
	poa.decision.allow with input as patched([{"op": "replace", "path": "/poa/iat", "value": now + 20}])
}

test_a_token_issued_in_the_future if {
	document := patched([{"op": "replace", "path": "/poa/iat", "value": now + 40}])
	denied(document, "the token was issued in the future")
}

test_a_token_that_ends_before_it_was_issued if {
	document := patched([{"op": "replace", "path": "/poa/iat", "value": now + 3600}])
	decision := poa.decision with input as document
	decision.allow == false
	decision.reasons == {"the token was issued in the future", "the token lives longer than ten minutes"}
}

test_a_token_without_iat if {
	decision := poa.decision with input as patched([{"op": "remove", "path": "/poa/iat"}])
	decision.allow == false
	decision.reasons == {"the token was issued in the future", "the token lives longer than ten minutes"}
}

test_a_token_that_was_used_before if {
	denied(patched([{"op": "replace", "path": "/replay/seen", "value": true}]), "the token was used before")
}

test_a_token_whose_replay_is_not_known if {
	denied(patched([{"op": "remove", "path": "/replay"}]), "the token was used before")
	denied(patched([{"op": "replace", "path": "/poa/jti", "value": ""}]), "the token was used before")
}

test_nobody_answers_for_it if {
	denied(patched([{"op": "remove", "path": "/poa/leg"}]), "the token names nobody who answers for it")
}

test_another_action if {
	denied(patched([{"op": "replace", "path": "/request/action", "value": "invoice.delete"}]), "the token does not grant this action")
}

test_parameters_beyond_the_constraints if {
	denied(patched([{"op": "replace", "path": "/request/params/amount", "value": 501}]), "the token does not allow this amount")
	denied(patched([{"op": "replace", "path": "/request/params/amount", "value": "9"}]), "the token does not allow this amount")
	denied(patched([{"op": "remove", "path": "/request/params/amount"}]), "the token does not allow this amount")
	denied(patched([{"op": "replace", "path": "/request/params/currency", "value": "USD"}]), "the token does not allow this currency")
}

test_a_negative_amount if {
	denied(patched([{"op": "replace", "path": "/request/params/amount", "value": -120}]), "the token does not allow this amount")
}

test_a_minimum if {
	document := patched([{"op": "add", "path": "/poa/con/params/amount/min", "value": -200}])
	poa.decision.allow with input as json.patch(document, [{"op": "replace", "path": "/request/params/amount", "value": -120}])
	denied(json.patch(document, [{"op": "replace", "path": "/request/params/amount", "value": -201}]), "the token does not allow this amount")
	denied(patched([{"op": "add", "path": "/poa/con/params/amount/min", "value": "0"}]), "the token does not allow this amount")
}

test_a_bound_that_is_not_known if {
	denied(patched([{"op": "add", "path": "/poa/con/params/amount/per_day", "value": 1}]), "the token does not allow this amount")
}

test_a_token_without_constraints if {
	poa.decision.allow with input as patched([{"op": "remove", "path": "/poa/con"}])
}

test_a_constraint_that_is_not_known if {
	document := patched([{"op": "add", "path": "/poa/con/region", "value": "EU"}])
	denied(document, "the token's constraints are not understood")
}
