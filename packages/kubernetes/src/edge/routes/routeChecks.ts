import { isIP } from "node:net";
import { type Problem, repeated } from "@gatehouse/core";
import { type EdgeArgs, PathMatch, pathMatch } from "../args/edgeArgs.ts";

const dnsName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** Whether the host stands for all subdomains. */
export function isWildcard(host: string): boolean {
  return host.startsWith("*");
}

/** Checks the hosts: DNS names or wildcards, each once. */
export function checkHosts(subject: string, { hosts }: EdgeArgs): Problem[] {
  const at = `${subject}.hosts`;
  const [first] = hosts;
  if (first === undefined) {
    return [
      {
        subject: at,
        message: "without a host, the edge would take the requests of every host",
        expected: "at least one host",
      },
    ];
  }
  return [
    ...hosts.flatMap((host) => checkHost(at, host)),
    ...repeated(hosts).map((host) => ({
      subject: at,
      message: "the host is listed twice",
      value: host,
      expected: "each host once",
    })),
    ...(isWildcard(first)
      ? [
          {
            subject: at,
            message: "the first host becomes the URL, so it cannot be a wildcard",
            value: first,
            expected: "a host without a wildcard, then the wildcards",
          },
        ]
      : []),
  ];
}

function checkHost(subject: string, host: string): Problem[] {
  if (host.includes("*")) {
    return host.startsWith("*.") && dnsName.test(host.slice(2))
      ? []
      : [
          {
            subject,
            message: "a wildcard must be the whole first label of a host",
            value: host,
            expected: "a host like *.example.com",
          },
        ];
  }
  if (dnsName.test(host) && isIP(host) === 0) return [];
  return [
    {
      subject,
      message: "not a DNS name",
      value: host,
      expected: "lower-case letters, digits, hyphens and dots, without scheme, port and path, and not an address",
    },
  ];
}

/** Checks the routes: at least one, and each once. */
export function checkRoutes(subject: string, { routes }: EdgeArgs): Problem[] {
  const at = `${subject}.routes`;
  if (routes.length === 0) {
    return [{ subject: at, message: "the edge has no routes, so it serves nothing", expected: "at least one route" }];
  }
  const named = routes.map((route) => {
    // In a prefix a trailing slash changes nothing: /auth and /auth/ take the same requests.
    const path = pathMatch(route) === PathMatch.Prefix ? route.path.replace(/(?<=.)\/$/, "") : route.path;
    return `${path} (${pathMatch(route)})`;
  });
  return [
    ...routes.flatMap(({ path }) => checkPath(at, path)),
    ...repeated(named).map((route) => ({
      subject: at,
      message: "the path is listed twice",
      value: route,
      expected: "each path and match once",
    })),
  ];
}

/** The API server refuses empty and dot segments; ingress-nginx by default refuses every other character. */
export function checkPath(subject: string, path: string): Problem[] {
  if (!path.startsWith("/")) {
    return [
      { subject, message: "the path does not start with a slash", value: path, expected: "a path that starts with /" },
    ];
  }
  const segments = path.slice(1).split("/");
  const good = segments.every((segment, index) =>
    segment === "" ? index === segments.length - 1 : /^[A-Za-z0-9._-]+$/.test(segment) && !/^\.\.?$/.test(segment),
  );
  if (good) return [];
  return [
    {
      subject,
      message: "not a path that every kind of edge accepts",
      value: path,
      expected: "segments of letters, digits, dots, underscores and hyphens; none empty, none only dots",
    },
  ];
}
