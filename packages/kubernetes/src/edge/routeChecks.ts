import { isIP } from "node:net";
import type { Problem } from "@gatehouse/core";
import { type EdgeArgs, PathMatch, pathMatch } from "./edgeArgs.ts";

const dnsName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

export function isWildcard(host: string): boolean {
  return host.startsWith("*");
}

export function checkHosts(subject: string, { hosts }: EdgeArgs): Problem[] {
  const at = `${subject}.hosts`;
  const [first] = hosts;
  if (first === undefined) {
    return [
      { subject: at, message: "an edge without a host would take every host's requests", expected: "one host or more" },
    ];
  }
  return [
    ...hosts.flatMap((host) => checkHost(at, host)),
    ...duplicates(hosts).map((host) => ({
      subject: at,
      message: "the host is there twice",
      value: host,
      expected: "each host once",
    })),
    ...(isWildcard(first)
      ? [
          {
            subject: at,
            message: "the first host is the edge's address, and a wildcard is none",
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
            message: "a wildcard stands for the whole first label of a host",
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

export function checkRoutes(subject: string, { routes }: EdgeArgs): Problem[] {
  const at = `${subject}.routes`;
  if (routes.length === 0) {
    return [{ subject: at, message: "an edge without a route serves nothing", expected: "one route or more" }];
  }
  const named = routes.map((route) => {
    // A trailing slash means nothing in a prefix: /auth and /auth/ take the same requests.
    const path = pathMatch(route) === PathMatch.Prefix ? route.path.replace(/(?<=.)\/$/, "") : route.path;
    return `${path} (${pathMatch(route)})`;
  });
  return [
    ...routes.flatMap(({ path }) => checkPath(at, path)),
    ...duplicates(named).map((route) => ({
      subject: at,
      message: "the path is there twice, for the same hosts",
      value: route,
      expected: "each path and match once",
    })),
  ];
}

/** The API server refuses empty and dot segments; ingress-nginx, as it comes, every character beyond these. */
export function checkPath(subject: string, path: string): Problem[] {
  if (!path.startsWith("/")) {
    return [
      { subject, message: "the path does not begin with a slash", value: path, expected: `"/" at the beginning` },
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
      message: "not a path that every edge takes",
      value: path,
      expected: "segments of letters, digits, dots, underscores and hyphens; none empty, none only dots",
    },
  ];
}

function duplicates(all: string[]): string[] {
  return [...new Set(all.filter((one, index) => all.indexOf(one) !== index))];
}
