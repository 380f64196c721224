import { checkCount, checkedArgs, childOptions, describe, ownName, throwIfAny } from "@gatehouse/core";
import * as artifactregistry from "@pulumi/gcp/artifactregistry/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";

export interface ArtifactRegistryArgs {
  /** Id of the project. */
  project: pulumi.Input<string>;
  /** Region: `us-central1`. */
  region: pulumi.Input<string>;
  /**
   * Id of the repository.
   * @default the component's name
   */
  repositoryId?: string;
  /**
   * Number of the latest images of each name that are kept at any age.
   * @default 10
   */
  keepLatest?: number;
  /**
   * Days after which an untagged image is deleted, except for the latest ones.
   * @default 30
   */
  deleteUntaggedAfterDays?: number;
  /**
   * Whether tags are immutable. Builds then cannot move a tag such as `latest`.
   * @default true
   */
  immutableTags?: boolean;
  /**
   * E-mail addresses of the service accounts that may pull, by a name that you choose.
   * @default none: Cloud Run can always pull
   */
  readers?: Record<string, pulumi.Input<string>>;
}

const day = 24 * 60 * 60;

/**
 * A repository of container images, with vulnerability scanning and a cleanup policy.
 *
 * @example
 * ```ts
 * const { url } = new ArtifactRegistry("shop", { project: "shop-prod", region: "us-central1" });
 * ```
 */
export class ArtifactRegistry extends pulumi.ComponentResource {
  /** Prefix of the images' names: `us-central1-docker.pkg.dev/project/repository`. */
  public readonly url: pulumi.Output<string>;

  /** @throws InputError for a name that the service refuses and numbers out of range. */
  constructor(name: string, args: ArtifactRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "ArtifactRegistryArgs", `${name} (ArtifactRegistry)`, args);
    super("gatehouse:gcp:ArtifactRegistry", name, {}, opts);
    const subject = describe(name, this);
    throwIfAny([
      ...checkCount(`${subject}.keepLatest`, "not a number of images", args.keepLatest, { least: 1 }),
      ...checkCount(`${subject}.deleteUntaggedAfterDays`, "not a number of days", args.deleteUntaggedAfterDays, {
        least: 1,
      }),
    ]);

    const repository = this.createRepository(name, args, opts);
    for (const [reader, email] of Object.entries(args.readers ?? {}))
      this.grant(name, args, repository, reader, email, opts);
    this.url = pulumi.interpolate`${args.region}-docker.pkg.dev/${args.project}/${repository.repositoryId}`;
    this.registerOutputs({ url: this.url });
  }

  private createRepository(
    name: string,
    args: ArtifactRegistryArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): artifactregistry.Repository {
    const { project, region, keepLatest = 10, deleteUntaggedAfterDays = 30, immutableTags = true } = args;
    const subject = `${describe(name, this)}.repositoryId`;
    return new artifactregistry.Repository(
      name,
      {
        project,
        location: region,
        repositoryId: ownName("gcp:ArtifactRegistryRepository", subject, args.repositoryId, name),
        format: "DOCKER",
        dockerConfig: { immutableTags },
        // The project's setting, which enabling the Container Scanning API turns on.
        vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
        cleanupPolicyDryRun: false,
        cleanupPolicies: [
          { id: "keep-latest", action: "KEEP", mostRecentVersions: { keepCount: keepLatest } },
          {
            id: "delete-untagged",
            action: "DELETE",
            condition: { tagState: "UNTAGGED", olderThan: `${deleteUntaggedAfterDays * day}s` },
          },
        ],
      },
      childOptions(this, opts),
    );
  }

  private grant(
    name: string,
    { project, region }: ArtifactRegistryArgs,
    repository: artifactregistry.Repository,
    reader: string,
    email: pulumi.Input<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    new artifactregistry.RepositoryIamMember(
      `${name}-${reader}`,
      {
        project,
        location: region,
        repository: repository.repositoryId,
        role: "roles/artifactregistry.reader",
        member: pulumi.interpolate`serviceAccount:${email}`,
      },
      childOptions(this, opts),
    );
  }
}
