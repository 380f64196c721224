import { checkedArgs, childOptions, describe, type Problem, throwIfAny } from "@gatehouse/core";
import * as projects from "@pulumi/gcp/projects/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";

export interface ProjectServicesArgs {
  /** Id of the project. */
  project: pulumi.Input<string>;
  /** The APIs: `run.googleapis.com`. */
  services: string[];
}

/**
 * APIs that are enabled in a project. Let resources that need one depend on this component. The APIs stay enabled when
 * the stack is destroyed, because others in the project may use them.
 *
 * @example
 * ```ts
 * const enabled = new ProjectServices("shop", { project: "shop-prod", services: ["run.googleapis.com"] });
 * new CloudRunService("orders", service, { dependsOn: [enabled] });
 * ```
 */
export class ProjectServices extends pulumi.ComponentResource {
  /** The APIs, known once they are enabled. */
  public readonly services: pulumi.Output<string[]>;

  /** @throws InputError for a text that is not the name of an API, and for an API that is named twice. */
  constructor(name: string, args: ProjectServicesArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "ProjectServicesArgs", `${name} (ProjectServices)`, args);
    super("gatehouse:gcp:ProjectServices", name, {}, opts);
    throwIfAny(checkServices(`${describe(name, this)}.services`, args.services));
    const enabled = args.services.map((service) => this.enable(name, args.project, service, opts));
    this.services = pulumi.output(enabled.map(({ service }) => service));
    this.registerOutputs({ services: this.services });
  }

  private enable(
    name: string,
    project: pulumi.Input<string>,
    service: string,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): projects.Service {
    return new projects.Service(
      `${name}-${service.split(".", 1).join()}`,
      { project, service, disableOnDestroy: false, disableDependentServices: false },
      childOptions(this, opts),
    );
  }
}

function checkServices(subject: string, services: string[]): Problem[] {
  return services
    .filter((service, index) => !/^[a-z]+\.googleapis\.com$/.test(service) || services.indexOf(service) < index)
    .map((value) => ({
      subject,
      message:
        services.indexOf(value) === services.lastIndexOf(value) ? "not the name of an API" : "the API is named twice",
      value,
      expected: "a name such as run.googleapis.com, once",
    }));
}
