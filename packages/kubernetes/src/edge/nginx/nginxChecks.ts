import { checkCount, type Problem } from "@gatehouse/core";
import type { EdgeArgs } from "../args/edgeArgs.ts";
import { isWildcard } from "../routes/routeChecks.ts";
import { checkSecretTls } from "../routes/tlsChecks.ts";

export function checkNginx(subject: string, args: EdgeArgs): Problem[] {
  const { hosts, nginx = {}, tlsPassthrough } = args;
  const wildcards = tlsPassthrough ? hosts.filter(isWildcard) : [];
  return [
    ...checkSecretTls(subject, args),
    ...wildcards.map((host) => ({
      subject: `${subject}.hosts`,
      message: "with TLS passthrough, ingress-nginx matches no wildcards",
      value: host,
      expected: "each host by name, or kind gateway",
    })),
    ...checkCount(
      `${subject}.nginx.burstMultiplier`,
      "burstMultiplier must be a whole number, at least 1",
      nginx.burstMultiplier,
      { least: 1, most: 1_000 },
    ),
  ];
}
