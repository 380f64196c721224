import type { Problem } from "@gatehouse/core";
import { checkCount } from "../meta/count.ts";
import type { EdgeArgs } from "./edgeArgs.ts";
import { isWildcard } from "./routeChecks.ts";
import { checkSecretTls } from "./tlsChecks.ts";

export function checkNginx(subject: string, args: EdgeArgs): Problem[] {
  const { hosts, nginx = {}, tlsPassthrough } = args;
  const wildcards = tlsPassthrough ? hosts.filter(isWildcard) : [];
  return [
    ...checkSecretTls(subject, args),
    ...wildcards.map((host) => ({
      subject: `${subject}.hosts`,
      message: "ingress-nginx compares the host of a TLS passthrough letter by letter",
      value: host,
      expected: "each host by name, or kind gateway",
    })),
    ...checkCount(
      `${subject}.nginx.burstMultiplier`,
      "nginx refuses a burst of nothing or of a part of a request",
      nginx.burstMultiplier,
      { least: 1, most: 1_000 },
    ),
  ];
}
