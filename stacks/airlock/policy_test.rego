package airlock.authz_test

import rego.v1

import data.airlock.authz

request := {
	"tenant": "checkout",
	"groups": ["mcp.users"],
	"tool": "read_file",
	"resource": "mcp://repo/orders/README.md",
	"metadata": {"requests_per_minute": 12},
}

with_groups(groups) := object.union(request, {"groups": groups})

calling(groups, tool, resource) := object.union(request, {"groups": groups, "tool": tool, "resource": resource})

on(resource) := object.union(request, {"resource": resource})

all_groups := ["mcp.users", "mcp.writers", "mcp.power_users"]

test_a_user_reads_a_repository if authz.allow with input as request

test_the_decision_is_false_for_any_input if {
	every document in [null, 7, "text", [], {}, {"groups": null}, {"groups": {"a": "mcp.users"}, "tool": 3}] {
		authz.allow == false with input as document
	}
}

test_what_is_missing_denies if {
	every key in ["groups", "tool", "resource", "metadata"] {
		authz.allow == false with input as json.remove(request, [key])
	}
}

test_no_group_and_other_groups_are_denied if {
	every groups in [[], ["mcp.guests"], ["mcp.users2"], "mcp.users", {"mcp.users": true}, {"a": "mcp.users"}] {
		authz.allow == false with input as json.patch(request, [{"op": "replace", "path": "/groups", "value": groups}])
	}
}

test_each_group_has_its_tools_and_no_others if {
	tools := {"search_docs", "read_file", "list_directory", "write_file", "execute_command", "delete_file", ""}
	allowed := {
		"mcp.users": {"search_docs", "read_file", "list_directory"},
		"mcp.writers": {"write_file"},
		"mcp.power_users": {"read_file", "write_file", "execute_command"},
		"mcp.guests": set(),
	}
	every group, own in allowed {
		got := {tool |
			some tool in tools
			authz.allowed_tool with input as calling([group], tool, "mcp://artifacts/a")
		}
		got == own
	}
}

test_a_power_user_need_not_be_a_user if {
	authz.allow with input as with_groups(["mcp.power_users"])
	authz.allow with input as calling(["mcp.power_users"], "execute_command", "mcp://repo/orders")
}

test_groups_add_up if {
	authz.allow with input as calling(all_groups, "list_directory", "mcp://artifacts/reports")
	authz.allow with input as calling(all_groups, "execute_command", "mcp://artifacts/reports")
}

test_a_writer_writes_artifacts if {
	authz.allow with input as calling(["mcp.writers"], "write_file", "mcp://artifacts/reports/a.txt")
	authz.allow with input as calling(["mcp.users", "mcp.writers"], "write_file", "mcp://artifacts/reports/a.txt")
}

test_a_user_alone_has_no_artifacts if {
	authz.allow == false with input as on("mcp://artifacts/reports/a.txt")
	authz.allow == false with input as calling(["mcp.users"], "write_file", "mcp://artifacts/reports/a.txt")
	authz.allow with input as calling(["mcp.users", "mcp.writers"], "read_file", "mcp://artifacts/reports/a.txt")
}

test_nobody_writes_a_repository if {
	every groups in [["mcp.writers"], ["mcp.power_users"], all_groups] {
		authz.allow == false with input as calling(groups, "write_file", "mcp://repo/orders/README.md")
	}
}

test_a_call_without_a_resource if {
	every document in [
		json.remove(object.union(request, {"tool": "search_docs"}), ["resource"]),
		object.union(request, {"tool": "search_docs", "resource": ""}),
		json.remove(calling(["mcp.power_users"], "execute_command", ""), ["resource"]),
	] {
		authz.allow with input as document
	}
}

test_tools_that_touch_files_must_say_which if {
	every tool in ["read_file", "list_directory", "write_file"] {
		authz.allow == false with input as calling(all_groups, tool, "")
		authz.allow == false with input as json.remove(calling(all_groups, tool, ""), ["resource"])
	}
}

test_a_resource_that_is_no_text_is_denied if {
	every resource in [null, 7, [], {}, true] {
		every tool in ["search_docs", "read_file"] {
			document := json.patch(calling(all_groups, tool, ""), [{"op": "replace", "path": "/resource", "value": resource}])
			authz.allow == false with input as document
		}
	}
}

test_roots_and_names_that_only_look_odd if {
	every resource in [
		"mcp://repo/",
		"mcp://repo/orders/",
		"mcp://repo/orders/.gitignore",
		"mcp://repo/orders/.github/workflows/ci.yaml",
		"mcp://repo/orders/a..b",
		"mcp://repo/orders/...",
		"mcp://repo/orders/x.git",
		"mcp://repo/a b/ü+@~.md",
	] {
		authz.allow with input as on(resource)
	}
}

test_paths_out_of_the_root_are_denied if {
	every resource in [
		"mcp://repo/..",
		"mcp://repo/../",
		"mcp://repo/../secrets",
		"mcp://repo/orders/..",
		"mcp://repo/orders/../../secrets",
		"mcp://repo/./orders",
		"mcp://repo/.",
		"mcp://repo//etc/passwd",
		"mcp://repo/orders//README.md",
		"mcp://repo//",
		"mcp://repo/orders\\..\\..\\secrets",
		"mcp://repo/orders?path=../x",
		"mcp://repo/orders#/../x",
		"mcp://repo/orders\n",
		"mcp://repo/orders\u0000/x",
		"mcp://artifacts/../repo",
		"mcp://artifacts/../x",
		"mcp://artifacts/..",
		"mcp://artifacts/reports/../../x",
	] {
		authz.allow == false with input as calling(all_groups, "read_file", resource)
	}
}

test_encoded_paths_are_denied if {
	every resource in [
		"mcp://repo/%2e%2e/secrets",
		"mcp://repo/%2E%2E%2Fsecrets",
		"mcp://repo/.%2e/secrets",
		"mcp://repo/%252e%252e/secrets",
		"mcp://repo/orders/%2egit/config",
		"mcp://repo/orders/%00",
		"mcp://artifacts/%2e%2e/x",
		"mcp://artifacts/..%2fx",
		"mcp://artifacts/..%5cx",
	] {
		authz.allow == false with input as calling(all_groups, "read_file", resource)
	}
}

test_repositories_own_data_is_denied if {
	every resource in [
		"mcp://repo/orders/.git",
		"mcp://repo/orders/.git/",
		"mcp://repo/orders/.git/config",
		"mcp://repo/orders/.GIT/config",
		"mcp://repo/.git",
		"mcp://artifacts/.git/config",
	] {
		authz.allow == false with input as calling(all_groups, "read_file", resource)
	}
}

test_other_roots_are_denied if {
	every resource in [
		"mcp://repo",
		"mcp://repository/x",
		"mcp://secrets/x",
		"MCP://repo/x",
		"file:///etc/passwd",
		"/mnt/efs/repositories/x",
		" mcp://repo/x",
	] {
		authz.allow == false with input as calling(all_groups, "read_file", resource)
	}
}

test_the_rate if {
	every rate, allowed in {0: true, 199: true, 200: true, 200.5: false, 201: false, 100000: false, -1: false} {
		document := object.union(request, {"metadata": {"requests_per_minute": rate}})
		authz.allow == allowed with input as document
	}
}

test_a_rate_that_is_not_known_is_too_high if {
	every metadata in [null, {}, {"requests_per_minute": null}, {"requests_per_minute": "12"}, 7] {
		document := json.patch(request, [{"op": "replace", "path": "/metadata", "value": metadata}])
		authz.rate_limited with input as document
		authz.allow == false with input as document
	}
}

test_the_audit_log_has_every_decision if {
	authz.audit_metadata == {
		"tenant": "checkout",
		"tool": "read_file",
		"resource": "mcp://repo/orders/README.md",
		"decision": true,
		"groups": ["mcp.users"],
	} with input as request
	authz.audit_metadata == {
		"tenant": null,
		"tool": null,
		"resource": null,
		"decision": false,
		"groups": null,
	} with input as {}
}
