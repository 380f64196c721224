import {
  checkCount,
  checkedArgs,
  childOptions,
  describe,
  ownName,
  type Problem,
  shortHash,
  throwIfAny,
} from "@gatehouse/core";
import * as cloudrunv2 from "@pulumi/gcp/cloudrunv2/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import {
  checkContainer,
  type ContainerArgs,
  containerIdentity,
  pinnedImage,
  renderContainer,
  renderLimits,
  renderVolumes,
} from "./container.ts";
import { renderVpcAccess } from "./vpcAccess.ts";

export interface CloudRunJobArgs extends ContainerArgs {
  /**
   * Name of the job.
   * @default the component's name
   */
  jobName?: string;
  /**
   * Number of the attempt with this image. A failed job is not retried automatically; raise the number to run it again.
   * @default 1
   */
  attempt?: number;
  /**
   * Timeout of the job in seconds.
   * @default 600
   */
  timeoutSeconds?: number;
}

const tokenLength = 8;
/** https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs: name and token are fewer than 63. */
const longestExecution = 62;

/**
 * A job that runs once for each image and attempt. The update waits for it, so let resources that need its result depend
 * on it. It is not retried automatically, because somebody should look at a half-finished run first.
 *
 * @example
 * ```ts
 * const migrated = new CloudRunJob("orders-migrations", {
 *   project: "shop-prod",
 *   region: "us-central1",
 *   image: "us-central1-docker.pkg.dev/shop-prod/shop/orders-migrations:1.4.2",
 *   vpcAccess: network.vpcAccess,
 *   connectsTo: [database.endpoint],
 * });
 * new CloudRunService("orders", service, { dependsOn: [migrated] });
 * ```
 * @throws InputError for arguments that Cloud Run refuses.
 */
export class CloudRunJob extends pulumi.ComponentResource {
  /** Name of the job, known once it has succeeded. */
  public readonly jobName: pulumi.Output<string>;

  constructor(name: string, args: CloudRunJobArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "CloudRunJobArgs", `${name} (CloudRunJob)`, args);
    super("gatehouse:gcp:CloudRunJob", name, {}, opts);
    throwIfAny(checkJob(describe(name, this), name, args));

    const serviceAccount = containerIdentity(`${name}-identity`, args, childOptions(this, opts));
    const job = this.createJob(name, args, serviceAccount, opts);
    this.jobName = job.name;
    this.registerOutputs({ jobName: this.jobName });
  }

  private createJob(
    name: string,
    args: CloudRunJobArgs,
    serviceAccount: pulumi.Input<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): cloudrunv2.Job {
    const subject = describe(name, this);
    const { project, region, jobName, timeoutSeconds = 600 } = args;
    return new cloudrunv2.Job(
      name,
      {
        project,
        location: region,
        name: ownName("gcp:CloudRunJob", `${subject}.jobName`, jobName, name),
        // A job holds no data.
        deletionProtection: false,
        // The Job is ready when the run that the token names has succeeded.
        runExecutionToken: pulumi
          .output(pinnedImage(subject, args.image))
          .apply((image) => runToken(image, args.attempt)),
        template: {
          taskCount: 1,
          parallelism: 1,
          template: {
            containers: [{ ...renderContainer(subject, args), resources: { limits: renderLimits(args) } }],
            volumes: renderVolumes(args),
            vpcAccess: renderVpcAccess(args.vpcAccess),
            serviceAccount,
            executionEnvironment: "EXECUTION_ENVIRONMENT_GEN2",
            maxRetries: 0,
            timeout: `${timeoutSeconds}s`,
          },
        },
      },
      childOptions(this, opts, { customTimeouts: opts?.customTimeouts ?? waitFor(timeoutSeconds) }),
    );
  }
}

/**
 * How long Pulumi waits for the run: as long as it may take, and ten minutes for the job itself. The provider gives up
 * after 20 minutes otherwise, while a longer run goes on.
 */
export function waitFor(timeoutSeconds: number): pulumi.CustomTimeouts {
  const wait = `${timeoutSeconds + 600}s`;
  return { create: wait, update: wait };
}

/** The name of a run, which follows from the image and the attempt. */
export function runToken(image: string, attempt = 1): string {
  // Names of executions begin with a letter.
  return `r${shortHash(`${image}#${attempt}`, tokenLength - 1)}`;
}

function checkJob(subject: string, name: string, args: CloudRunJobArgs): Problem[] {
  const { jobName = name, attempt, timeoutSeconds } = args;
  const longestName = longestExecution - tokenLength;
  return [
    ...checkContainer(subject, args),
    ...checkCount(`${subject}.attempt`, "not an attempt number", attempt, { least: 1 }),
    // https://cloud.google.com/run/docs/configuring/task-timeout
    ...checkCount(`${subject}.timeoutSeconds`, "not a number of seconds", timeoutSeconds, {
      least: 1,
      most: 7 * 24 * 60 * 60,
    }),
    ...(jobName.length > longestName
      ? [
          {
            subject: `${subject}.jobName`,
            message: `the name of the job and the ${tokenLength} characters that name a run are too long together`,
            value: `${jobName}, ${jobName.length} characters`,
            expected: `at most ${longestName} characters`,
          },
        ]
      : []),
  ];
}
