import type { Problem } from "@gatehouse/core";
import { backendProtocol, BackendProtocol, type EdgeArgs, EdgeKind, PathMatch, pathMatch } from "../args/edgeArgs.ts";

/** What an edge cannot do, or must not be given, with TLS passthrough. */
export function checkPassthrough(subject: string, args: EdgeArgs): Problem[] {
  const { kind, tlsPassthrough, tls, routes, requestTimeoutSeconds } = args;
  if (!tlsPassthrough) return [];
  if (kind === EdgeKind.Alb) {
    return [
      {
        subject: `${subject}.tlsPassthrough`,
        message: "an ALB always terminates TLS",
        expected: "kind nginx or gateway",
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
            message: "with TLS passthrough, the edge sees no paths",
            value: routes.map(({ path }) => path).join(", "),
            expected: "the one route / (Prefix)",
          },
        ]),
    ...(tls
      ? [
          {
            subject: `${subject}.tls`,
            message: "with TLS passthrough, the edge uses no certificate",
            expected: "tls or tlsPassthrough, not both",
            fix: "mount the certificate in the service's pods",
          },
        ]
      : []),
    ...(requestTimeoutSeconds === undefined
      ? []
      : [
          {
            subject: `${subject}.requestTimeoutSeconds`,
            message: "with TLS passthrough, the edge sees no requests to time",
            value: String(requestTimeoutSeconds),
            expected: "no requestTimeoutSeconds",
          },
        ]),
    ...(backendProtocol(args) === BackendProtocol.Http
      ? [
          {
            subject: `${subject}.backendProtocol`,
            message: "with TLS passthrough, the service must terminate TLS itself",
            value: BackendProtocol.Http,
            expected: BackendProtocol.Https,
          },
        ]
      : []),
  ];
}

/** Checks the certificate of an edge that reads it from a Secret. */
export function checkSecretTls(subject: string, { kind, tls, tlsPassthrough }: EdgeArgs): Problem[] {
  if (tlsPassthrough) return [];
  return [
    ...(tls?.secretName === undefined
      ? [
          {
            subject: `${subject}.tls.secretName`,
            message: "the edge has no certificate",
            expected: "the Secret of the certificate; with clusterIssuer, cert-manager fills it",
          },
        ]
      : []),
    ...(tls?.certificateArn === undefined
      ? []
      : [
          {
            subject: `${subject}.tls.certificateArn`,
            message: `an edge of kind ${kind} cannot use an ACM certificate, because its key never leaves AWS`,
            expected: "kind alb, or tls.secretName",
          },
        ]),
  ];
}

/** Refuses a certificate for an existing Gateway, whose listeners have their own. */
export function refuseTls(subject: string, { tls, tlsPassthrough }: EdgeArgs): Problem[] {
  if (!tls || tlsPassthrough) return [];
  return [
    {
      subject: `${subject}.tls`,
      message: "an existing Gateway has its own certificates",
      expected: "no tls with gateway.existing",
      fix: "give the certificate to the Gateway's listener, or set gateway.className for the edge's own Gateway",
    },
  ];
}

/** Checks the certificate of an ALB, which reads it from ACM. */
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
