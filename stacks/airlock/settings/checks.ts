import { nearest, parseDuration, type Problem, repeated } from "@gatehouse/core";
import type { StackName } from "@gatehouse/core/config";
import type { z } from "zod";
import { isProduction } from "../../common/environment.ts";
import { healthPaths } from "./names.ts";
import { mostRequestsPerMinute } from "./policy.ts";
import { requestsPerMinute } from "./rate.ts";
import type * as settings from "./application.ts";

// Rules across keys. A key that is wrong by itself is not there, and is told on its own.

/** The part of the config that rules are about. */
interface Config {
  auth?: z.output<typeof settings.auth>;
  roots?: z.output<typeof settings.roots>;
  dlp?: z.output<typeof settings.dlp>;
  rateLimiting?: z.output<typeof settings.rateLimiting>;
  upstreams?: z.output<typeof settings.upstreams>;
  requestTimeoutSeconds?: number;
  edge?: { healthPath: string };
  backup?: object | null;
  alarms?: { emails: string[]; endpoints: Record<string, string> } | null;
}

/** Every rule, on what is valid by itself. */
export function checkConfig(config: Config, stack: StackName): Problem[] {
  return [
    ...checkIssuer(config),
    ...checkRoots(config),
    ...checkPatternNames(config),
    ...checkUpstreams(config),
    ...checkRates(config),
    ...checkHealthPath(config),
    ...checkPolicyGroups(config),
    ...checkProduction(config, stack),
  ];
}

const discovery = "/.well-known/openid-configuration";

/** Tokens name the issuer itself, so the address of its discovery document matches none of them. */
function checkIssuer({ auth }: Config): Problem[] {
  if (!auth) return [];
  const { issuer } = auth;
  const subject = "airlock:auth.issuer";
  if (issuer.includes("/.well-known/"))
    return [
      {
        subject,
        message: "this is the discovery document, not the issuer: no token names it",
        value: issuer,
        expected: "the iss claim of the tokens, to the last slash",
        fix: issuer.endsWith(discovery) ? `use ${issuer.slice(0, -discovery.length)}/` : undefined,
      },
    ];
  if (issuer.startsWith("https://")) return [];
  return [
    {
      subject,
      message: "the issuer is not reached over TLS, so its keys could be exchanged on the way",
      value: issuer,
      expected: "https://...",
    },
  ];
}

function checkRoots({ roots = [] }: Config): Problem[] {
  const named = (key: "name" | "virtual" | "real", message: string): Problem[] =>
    repeated(roots.map((root) => root[key])).map((value) => ({
      subject: "airlock:roots",
      message,
      value: `${value}, of ${roots
        .filter((root) => root[key] === value)
        .map(({ name }) => name)
        .join(" and ")}`,
      expected: "a value for each",
    }));
  return [
    ...named("name", "two roots have the same name"),
    ...named("virtual", "two roots have the same virtual address"),
    ...roots
      .filter(({ virtual }) => !/^mcp:\/\/[a-z0-9][a-z0-9-]*\/$/.test(virtual))
      .map(({ name, virtual }) => ({
        subject: `airlock:roots.${name}.virtual`,
        message: "not the address of a root",
        value: virtual,
        expected: `mcp://, a name and a slash: mcp://${name}/`,
      })),
  ];
}

function checkPatternNames({ dlp }: Config): Problem[] {
  return repeated((dlp?.patterns ?? []).map(({ name }) => name)).map((name) => ({
    subject: "airlock:dlp.patterns",
    message: "two patterns have the same name",
    value: name,
    expected: "a name for each",
  }));
}

function checkUpstreams({ upstreams = [], requestTimeoutSeconds }: Config): Problem[] {
  const late =
    requestTimeoutSeconds === undefined
      ? []
      : upstreams.filter(({ timeout }) => parseDuration(timeout) > requestTimeoutSeconds * 1000);
  return [
    ...repeated(upstreams.map(({ name }) => name)).map((name) => ({
      subject: "airlock:upstreams",
      message: "two upstreams have the same name",
      value: name,
      expected: "a name for each",
    })),
    ...late.map(({ name, timeout }) => ({
      subject: `airlock:upstreams.${name}.timeout`,
      message: "the request is given up before the upstream is",
      value: `${timeout}, and airlock:requestTimeoutSeconds is ${requestTimeoutSeconds ?? ""}`,
      expected: `at most ${requestTimeoutSeconds ?? ""}s`,
      fix: "shorten it, or raise airlock:requestTimeoutSeconds",
    })),
  ];
}

/** The application lets through what the policy then denies. */
function checkRates({ rateLimiting }: Config): Problem[] {
  if (!rateLimiting || requestsPerMinute(rateLimiting.perToken) <= mostRequestsPerMinute()) return [];
  return [
    {
      subject: "airlock:rateLimiting.perToken",
      message: "the policy denies requests of a token long before this limit",
      value: rateLimiting.perToken,
      expected: `at most ${mostRequestsPerMinute()}/min, which is most_requests_per_minute in stacks/airlock/policy.rego`,
      fix: "lower the limit, or raise the policy's",
    },
  ];
}

/** A pod that the load balancer finds healthy must be one that Kubernetes finds ready, and the reverse. */
function checkHealthPath({ edge }: Config): Problem[] {
  if (!edge || edge.healthPath === healthPaths.ready) return [];
  return [
    {
      subject: "airlock:edge.healthPath",
      message: "the load balancer and Kubernetes would disagree on which pods take requests",
      value: edge.healthPath,
      expected: `${healthPaths.ready}, the readiness path`,
      fix: "pulumi config rm --path airlock:edge.healthPath",
    },
  ];
}

const policyGroups = ["mcp.users", "mcp.writers", "mcp.power_users"];

/** A group that the policy does not know can do nothing. */
function checkPolicyGroups({ auth }: Config): Problem[] {
  return (auth?.requiredGroups ?? [])
    .filter((group) => !policyGroups.includes(group))
    .map((group) => {
      const near = nearest(group, policyGroups);
      return {
        subject: "airlock:auth.requiredGroups",
        message: "the policy allows this group nothing",
        value: group,
        expected: `some of ${policyGroups.join(", ")}`,
        fix: near ? `did you mean "${near}"?` : "add rules for it to stacks/airlock/policy.rego",
      };
    });
}

/** What a development stack may do without. */
function checkProduction({ backup, alarms }: Config, stack: StackName): Problem[] {
  if (!isProduction(stack)) return [];
  // What is given and wrong is not there; null is what is not given.
  return [
    ...(backup === null
      ? [
          {
            subject: "airlock:backup",
            message: "the audit log would have no copy outside the database's own account and engine",
            expected: "an image and the bucket of a daily dump",
          },
        ]
      : []),
    ...(alarms === null
      ? [
          {
            subject: "airlock:alarms",
            message: "nobody would be told when the database is full or fails over",
            expected: "emails or endpoints",
          },
        ]
      : []),
  ];
}
