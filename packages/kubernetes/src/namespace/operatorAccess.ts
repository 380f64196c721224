import { checkedArgs, childOptions, knownAfter, recommendedLabels } from "@gatehouse/core";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as rbac from "@pulumi/kubernetes/rbac/v1/index.js";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { objectMeta } from "../meta/objectMeta.ts";

export interface OperatorAccessArgs {
  /** Namespace of the objects. */
  namespace: pulumi.Input<string>;
  /**
   * Name of the ServiceAccount, Role and RoleBinding.
   * @default the component's name
   */
  operatorName?: string;
  /**
   * Whether operators read every Secret of the namespace in clear text. Without it they still change Deployments, and a
   * changed Deployment can print what its pods know, so give the ServiceAccount only to whom you trust with that.
   * @default false
   */
  secretsInClearText?: boolean;
  /**
   * Further labels of every object.
   * @default none
   */
  labels?: Record<string, string>;
}

const reading = ["get", "list", "watch"];

/** What operators may do: see the configuration, and restart, scale and change Deployments. */
export function operatorRules(secretsInClearText: boolean): k8s.rbac.v1.PolicyRule[] {
  return [
    { apiGroups: [""], resources: secretsInClearText ? ["configmaps", "secrets"] : ["configmaps"], verbs: reading },
    { apiGroups: ["apps"], resources: ["deployments"], verbs: [...reading, "update", "patch"] },
  ];
}

/**
 * A ServiceAccount for a product's operators, with the Role that they need from day to day. No pod runs as it; operators
 * ask for a token: `kubectl create token NAME`.
 */
export class OperatorAccess extends pulumi.ComponentResource {
  /** Name of the ServiceAccount, known once it has its rights. */
  public readonly serviceAccountName: pulumi.Output<string>;

  constructor(name: string, args: OperatorAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "OperatorAccessArgs", `${name} (OperatorAccess)`, args);
    super("gatehouse:kubernetes:OperatorAccess", name, {}, opts);

    const account = this.createServiceAccount(name, args, opts);
    const role = this.createRole(name, args, opts);
    const binding = this.createBinding(name, args, account, role, opts);
    this.serviceAccountName = knownAfter(account.metadata.name, [binding.id]);
    this.registerOutputs({ serviceAccountName: this.serviceAccountName });
  }

  private createServiceAccount(
    name: string,
    args: OperatorAccessArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): core.ServiceAccount {
    const metadata = this.metadata("ServiceAccount", name, args);
    return new core.ServiceAccount(
      `${name}-service-account`,
      { metadata, automountServiceAccountToken: false },
      childOptions(this, opts),
    );
  }

  private createRole(
    name: string,
    args: OperatorAccessArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): rbac.Role {
    const metadata = this.metadata("Role", name, args);
    const rules = operatorRules(args.secretsInClearText ?? false);
    return new rbac.Role(`${name}-role`, { metadata, rules }, childOptions(this, opts));
  }

  private createBinding(
    name: string,
    args: OperatorAccessArgs,
    account: core.ServiceAccount,
    role: rbac.Role,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): rbac.RoleBinding {
    return new rbac.RoleBinding(
      `${name}-role-binding`,
      {
        metadata: this.metadata("RoleBinding", name, args),
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: args.namespace }],
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      },
      childOptions(this, opts),
    );
  }

  private metadata(
    kind: string,
    name: string,
    { namespace, operatorName = name, labels }: OperatorAccessArgs,
  ): ReturnType<typeof objectMeta> {
    const own = { ...recommendedLabels({ name: operatorName }), ...labels };
    return objectMeta(name, this, { kind, name: operatorName, namespace, labels: own });
  }
}
