import {
  checkCount,
  checkedArgs,
  childOptions,
  describe,
  ownName,
  type Problem,
  protection,
  throwIfAny,
} from "@gatehouse/core";
import * as cloudrunv2 from "@pulumi/gcp/cloudrunv2/index.js";
import type * as gcp from "@pulumi/gcp/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import {
  checkContainer,
  type ContainerArgs,
  containerIdentity,
  renderContainer,
  renderLimits,
  renderVolumes,
} from "./container.ts";
import { checkConcurrency } from "./containerResources.ts";
import { checkStartupProbe, type StartupProbeArgs } from "./probe.ts";
import { renderVpcAccess } from "./vpcAccess.ts";

/** Networks that requests may come from. */
export const Ingress = {
  /** The project's own networks. */
  Internal: "INGRESS_TRAFFIC_INTERNAL_ONLY",
  /** The project's own networks, and load balancers. */
  InternalAndLoadBalancer: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
  /** The internet. Uptime checks need this. */
  All: "INGRESS_TRAFFIC_ALL",
} as const;
export type Ingress = (typeof Ingress)[keyof typeof Ingress];

/** Whether callers must authenticate. */
export const PublicAccess = {
  /** Callers need the role roles/run.invoker. */
  None: "none",
  /** Everybody has the role roles/run.invoker. */
  AllUsers: "allUsers",
  /** The role is not checked. For organisations whose policy forbids grants to everybody. */
  InvokerCheckDisabled: "invokerCheckDisabled",
} as const;
export type PublicAccess = (typeof PublicAccess)[keyof typeof PublicAccess];

export interface CloudRunServiceArgs extends ContainerArgs {
  /**
   * Name of the service.
   * @default the component's name
   */
  serviceName?: string;
  /**
   * Port that the program listens on. Cloud Run passes it as `PORT`.
   * @default 8080
   */
  port?: number;
  /**
   * Least number of instances, which run also without requests.
   * @default 1: no cold starts
   */
  minInstances?: number;
  /**
   * Most instances of a revision.
   * @default 10
   */
  maxInstances?: number;
  /**
   * Most concurrent requests of an instance.
   * @default 80; 1 with less than one CPU
   */
  concurrency?: number;
  /**
   * Request timeout in seconds.
   * @default 60
   */
  timeoutSeconds?: number;
  /**
   * Whether an instance has its CPU also between requests. You pay for the CPU all the time.
   * @default false
   */
  cpuAlwaysAllocated?: boolean;
  /**
   * Probe that decides when an instance has started.
   * @default a TCP connection to the port
   */
  startup?: StartupProbeArgs;
  /**
   * Networks that requests may come from.
   * @default Ingress.InternalAndLoadBalancer
   */
  ingress?: Ingress;
  /**
   * Whether callers must authenticate. Any value but `None` opens the service to everybody within `ingress`.
   * @default PublicAccess.None
   */
  publicAccess?: PublicAccess;
  /**
   * Whether Pulumi refuses to delete the service.
   * @default true
   */
  deletionProtection?: boolean;
}

/**
 * A service on Cloud Run, with its own account, pinned versions of secrets, and the sockets and addresses of the servers
 * it connects to. Liveness is a TCP connection, so a failed database does not restart every instance.
 *
 * @example
 * ```ts
 * new CloudRunService("orders", {
 *   project: "shop-prod",
 *   region: "us-central1",
 *   image: "us-central1-docker.pkg.dev/shop-prod/shop/orders:1.4.2",
 *   startup: { path: "/ready" },
 *   vpcAccess: network.vpcAccess,
 *   connectsTo: [database.endpoint],
 * });
 * ```
 * @throws InputError for arguments that Cloud Run refuses, or reads differently than meant.
 */
export class CloudRunService extends pulumi.ComponentResource {
  /** Name of the service. */
  public readonly serviceName: pulumi.Output<string>;
  /** Address on `run.app`. */
  public readonly url: pulumi.Output<string>;
  /** E-mail address of the service account. */
  public readonly serviceAccount: pulumi.Output<string>;

  constructor(name: string, args: CloudRunServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "CloudRunServiceArgs", `${name} (CloudRunService)`, args);
    super("gatehouse:gcp:CloudRunService", name, {}, opts);
    throwIfAny(checkService(describe(name, this), args));

    this.serviceAccount = pulumi.output(containerIdentity(`${name}-identity`, args, childOptions(this, opts)));
    const service = this.createService(name, args, opts);
    if (args.publicAccess === PublicAccess.AllUsers) this.admitEverybody(name, args, service, opts);

    this.serviceName = service.name;
    this.url = service.uri;
    this.registerOutputs({ serviceName: this.serviceName, url: this.url, serviceAccount: this.serviceAccount });
  }

  private createService(
    name: string,
    args: CloudRunServiceArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): cloudrunv2.Service {
    const subject = describe(name, this);
    const { deletionProtection = true } = args;
    return new cloudrunv2.Service(
      name,
      {
        project: args.project,
        location: args.region,
        name: ownName("gcp:CloudRunService", `${subject}.serviceName`, args.serviceName, name),
        ingress: args.ingress ?? Ingress.InternalAndLoadBalancer,
        invokerIamDisabled: args.publicAccess === PublicAccess.InvokerCheckDisabled,
        deletionProtection,
        template: this.template(subject, args),
      },
      childOptions(this, opts, protection(deletionProtection)),
    );
  }

  private template(subject: string, args: CloudRunServiceArgs): gcp.cloudrunv2.ServiceTemplate {
    const { port = 8080, timeoutSeconds = 60 } = args;
    const { minInstances, maxInstances } = instancesOf(args);
    return {
      containers: [
        {
          ...renderContainer(subject, args),
          ports: { containerPort: port },
          resources: {
            limits: renderLimits(args),
            cpuIdle: !(args.cpuAlwaysAllocated ?? false),
            startupCpuBoost: true,
          },
          startupProbe: renderStartup(args.startup ?? {}, port),
          livenessProbe: { tcpSocket: { port }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
        },
      ],
      volumes: renderVolumes(args),
      vpcAccess: renderVpcAccess(args.vpcAccess),
      serviceAccount: this.serviceAccount,
      executionEnvironment: "EXECUTION_ENVIRONMENT_GEN2",
      scaling: { minInstanceCount: minInstances, maxInstanceCount: maxInstances },
      maxInstanceRequestConcurrency: args.concurrency ?? (Number(renderLimits(args).cpu) < 1 ? 1 : 80),
      timeout: `${timeoutSeconds}s`,
    };
  }

  private admitEverybody(
    name: string,
    { project, region }: CloudRunServiceArgs,
    service: cloudrunv2.Service,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    new cloudrunv2.ServiceIamMember(
      `${name}-public`,
      { project, location: region, name: service.name, role: "roles/run.invoker", member: "allUsers" },
      childOptions(this, opts),
    );
  }
}

function renderStartup(
  { path, periodSeconds = 10, timeoutSeconds = 5, failureThreshold = 12 }: StartupProbeArgs,
  port: number,
): gcp.cloudrunv2.ServiceTemplateContainerStartupProbe {
  const times = { periodSeconds, timeoutSeconds, failureThreshold };
  return path === undefined ? { tcpSocket: { port }, ...times } : { httpGet: { path, port }, ...times };
}

/** The bounds of a revision's instances, with their defaults. */
function instancesOf({ minInstances = 1, maxInstances = 10 }: CloudRunServiceArgs): Instances {
  return { minInstances, maxInstances };
}

interface Instances {
  minInstances: number;
  maxInstances: number;
}

function checkService(subject: string, args: CloudRunServiceArgs): Problem[] {
  const { minInstances, maxInstances } = instancesOf(args);
  const instances = [
    ...checkCount(`${subject}.minInstances`, "not a number of instances", minInstances, { least: 0 }),
    ...checkCount(`${subject}.maxInstances`, "not a number of instances", maxInstances, { least: 1 }),
  ];
  return [
    ...checkContainer(subject, args),
    ...checkStartupProbe(`${subject}.startup`, args.startup ?? {}),
    ...checkConcurrency(`${subject}.concurrency`, args.concurrency, args.cpu),
    ...checkCount(`${subject}.port`, "not a port number", args.port, { least: 1, most: 65_535 }),
    // https://cloud.google.com/run/docs/configuring/request-timeout
    ...checkCount(`${subject}.timeoutSeconds`, "not a number of seconds", args.timeoutSeconds, {
      least: 1,
      most: 3600,
    }),
    ...instances,
    ...(instances.length === 0 && minInstances > maxInstances
      ? [
          {
            subject: `${subject}.minInstances`,
            message: "minInstances is greater than maxInstances",
            value: `minInstances ${minInstances}, maxInstances ${maxInstances}`,
            expected: `at most ${maxInstances}`,
          },
        ]
      : []),
  ];
}
