# METADATA
# title: Whether a caller may use a tool on a resource
# description: >-
#   Airlock asks data.airlock.authz.allow for each tool call, once the token is verified. It gives the token's groups and
#   tenant, the tool, the resource as the client wrote it, and how many requests the token made in the last minute.
#   Whatever is missing or of another kind denies.
package airlock.authz

import rego.v1

# A burst is the application's matter; this is what a token may do in a minute.
most_requests_per_minute := 200

reader_tools := {"search_docs", "read_file", "list_directory"}

writer_tools := {"write_file"}

power_tools := {"read_file", "write_file", "execute_command"}

# Tools that need no resource. The others touch files, and must say which.
tools_without_resource := {"search_docs", "execute_command"}

default allow := false

allow if {
	allowed_tool
	allowed_resource
	not rate_limited
}

# Groups add up: a power user need not be in mcp.users as well.
allowed_tool if {
	member("mcp.users")
	input.tool in reader_tools
}

allowed_tool if {
	member("mcp.writers")
	input.tool in writer_tools
}

allowed_tool if {
	member("mcp.power_users")
	input.tool in power_tools
}

allowed_resource if {
	without_resource
	input.tool in tools_without_resource
}

# The repositories are read, never written, whoever asks.
allowed_resource if {
	not input.tool in writer_tools
	plain_path("mcp://repo/")
}

allowed_resource if {
	some group in ["mcp.writers", "mcp.power_users"]
	member(group)
	plain_path("mcp://artifacts/")
}

without_resource if not "resource" in object.keys(input)

without_resource if input.resource == ""

# No segment may lead elsewhere or into a repository's own data. An escape is refused whatever it stands for, because
# who resolves the path later may decode it once more than whoever looked at it before.
plain_path(root) if {
	startswith(input.resource, root)
	path := substring(input.resource, count(root), -1)
	not regex.match(`^/|//|[%\\?#[:cntrl:]]`, path)
	every segment in split(path, "/") {
		not lower(segment) in {"..", ".", ".git"}
	}
}

member(group) if {
	is_array(input.groups)
	group in input.groups
}

# A request whose rate is not known counts as one above it.
default rate_limited := true

rate_limited := false if {
	is_number(input.metadata.requests_per_minute)
	input.metadata.requests_per_minute >= 0
	input.metadata.requests_per_minute <= most_requests_per_minute
}

# What the audit log keeps of a decision; null for what the request does not say.
audit_metadata := {
	"tenant": object.get(input, "tenant", null),
	"tool": object.get(input, "tool", null),
	"resource": object.get(input, "resource", null),
	"decision": allow,
	"groups": object.get(input, "groups", null),
}
