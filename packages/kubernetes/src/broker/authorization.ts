/** The package in which OPA looks for the rules of its own API. */
export const authorizationPackage = "system.authz";

/** The file with those rules. */
export const authorizationFile = "system-authz.rego";

/**
 * Who may ask OPA what: anyone in the pod may post to the one decision, and the kubelet and Prometheus may read health
 * and metrics. Nobody may read or change policies and data.
 *
 * https://www.openpolicyagent.org/docs/security#authentication-and-authorization
 */
export function authorization(entryPoint: string): string {
  const decision = JSON.stringify(["v1", "data", ...entryPoint.split("/")]);
  return `package ${authorizationPackage}

default allow := false

allow if {
	input.method == "POST"
	input.path == ${decision}
}

allow if {
	input.method == "GET"
	input.path in [["health"], ["metrics"]]
}
`;
}
