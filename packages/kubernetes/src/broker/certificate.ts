import type { EnvironmentArgs } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type { VolumeArgs } from "../pod/container/volume.ts";

/** Names of the variables that hold the paths of the certificate's files. */
export interface CertificateVariablesArgs {
  /** @default "TLS_CERT_FILE" */
  certificate?: string;
  /** @default "TLS_KEY_FILE" */
  privateKey?: string;
}

/** Certificate with which the program itself terminates TLS. Its edge must pass TLS through. */
export interface CertificateArgs {
  /** Secret of type `kubernetes.io/tls` in the namespace. */
  secret: Input<string>;
  /**
   * Directory of `tls.crt` and `tls.key`. The files follow the Secret within about a minute, in running pods too.
   * @default "/etc/tls"
   */
  directory?: string;
  /**
   * Names of the variables with the files' paths.
   * @default TLS_CERT_FILE and TLS_KEY_FILE
   */
  variables?: CertificateVariablesArgs;
  /**
   * Name of the certificate that the Secret holds. A change rolls the pods, for a program that reads the files only
   * once.
   * @default none
   */
  revision?: string;
}

function directoryOf({ directory = "/etc/tls" }: CertificateArgs): string {
  return directory;
}

export function certificateVolume(args: CertificateArgs): VolumeArgs {
  return { name: "certificate", mountPath: directoryOf(args), secret: args.secret };
}

export function certificateEnvironment(args: CertificateArgs): EnvironmentArgs {
  const { certificate = "TLS_CERT_FILE", privateKey = "TLS_KEY_FILE" } = args.variables ?? {};
  const directory = directoryOf(args);
  return { values: { [certificate]: `${directory}/tls.crt`, [privateKey]: `${directory}/tls.key` } };
}

export function certificateAnnotations({ revision }: CertificateArgs): Record<string, string> {
  return revision === undefined ? {} : { "gatehouse.dev/certificate-revision": revision };
}
