import type { Problem } from "@gatehouse/core";
import { backendProtocol, BackendProtocol, type EdgeArgs, EdgeKind, PathMatch, pathMatch } from "./edgeArgs.ts";

/** What an edge that does not open TLS cannot do, or must not be given. */
export function checkPassthrough(subject: string, args: EdgeArgs): Problem[] {
  const { kind, tlsPassthrough, tls, routes } = args;
  if (!tlsPassthrough) return [];
  if (kind === EdgeKind.Alb) {
    return [
      {
        subject: `${subject}.tlsPassthrough`,
        message: "an ALB always ends TLS itself",
        expected: "kind nginx or gateway, which can pass it through",
      },
    ];
  }
  const everything = routes.every((route) => route.path === "/" && pathMatch(route) === PathMatch.Prefix);
  return [
    ...(everything
      ? []
      : [
          {
            subject: `${subject}.routes`,
            message: "an edge that does not open TLS sees no paths",
            value: routes.map(({ path }) => path).join(", "),
            expected: "the one route / (Prefix) with tlsPassthrough",
          },
        ]),
    ...(tls
      ? [
          {
            subject: `${subject}.tls`,
            message: "an edge that does not open TLS needs no certificate",
            expected: "tls or tlsPassthrough, not both",
            fix: "mount the certificate in the service's pods",
          },
        ]
      : []),
    ...(backendProtocol(args) === BackendProtocol.Http
      ? [
          {
            subject: `${subject}.backendProtocol`,
            message: "TLS that is passed through must be ended by the service",
            value: BackendProtocol.Http,
            expected: BackendProtocol.Https,
          },
        ]
      : []),
  ];
}

/** Kinds that read the certificate from a Secret. */
export function checkSecretTls(subject: string, { kind, tls, tlsPassthrough }: EdgeArgs): Problem[] {
  if (tlsPassthrough) return [];
  return [
    ...(tls?.secretName === undefined
      ? [
          {
            subject: `${subject}.tls.secretName`,
            message: "the edge has no certificate",
            expected: "the Secret that holds it; with clusterIssuer, cert-manager makes it",
          },
        ]
      : []),
    ...(tls?.certificateArn === undefined
      ? []
      : [
          {
            subject: `${subject}.tls.certificateArn`,
            message: `an edge of kind ${kind} cannot use a certificate of ACM, whose key does not leave AWS`,
            expected: "kind alb, or tls.secretName",
          },
        ]),
  ];
}

/** An existing Gateway's certificates are those of its listeners. */
export function refuseTls(subject: string, { tls, tlsPassthrough }: EdgeArgs): Problem[] {
  if (!tls || tlsPassthrough) return [];
  return [
    {
      subject: `${subject}.tls`,
      message: "an existing Gateway has certificates of its own",
      expected: "no tls with gateway.existing",
      fix: "give the certificate to the Gateway's listener, or let the edge have its own Gateway by gateway.className",
    },
  ];
}

/** An ALB reads its certificate from ACM. */
export function checkAlbTls(subject: string, { tls = {}, tlsPassthrough }: EdgeArgs): Problem[] {
  if (tlsPassthrough) return [];
  const unread = [
    ...(tls.secretName === undefined ? [] : [{ option: "secretName", value: tls.secretName }]),
    ...(tls.clusterIssuer === undefined ? [] : [{ option: "clusterIssuer", value: tls.clusterIssuer }]),
  ];
  return [
    ...unread.map(({ option, value }) => ({
      subject: `${subject}.tls.${option}`,
      message: "an ALB does not read a certificate from a Secret",
      value,
      expected: "tls.certificateArn, or kind nginx or gateway",
    })),
    ...(tls.certificateArn === undefined
      ? [
          {
            subject: `${subject}.tls.certificateArn`,
            message: "the edge has no certificate",
            expected: "the ARN of a certificate in ACM, in the ALB's region",
          },
        ]
      : []),
  ];
}
