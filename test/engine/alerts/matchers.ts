import type { KubernetesObject } from "../cluster/kubernetesApi.ts";
import { type LabelSelector, matches, type StackObjects } from "../proofs/objects.ts";
import { ruleGroups } from "./renderedRules.ts";

interface Monitor {
  selector: LabelSelector;
  namespaceSelector?: { matchNames?: string[] };
  jobLabel?: string;
}

/** What the stack's series are labelled with, by the label. */
function known({ objects }: StackObjects): Record<string, string[]> {
  const of = (kind: string) => objects.filter((object) => object.kind === kind);
  const names = (kind: string) => of(kind).map(({ metadata }) => metadata.name);
  return { namespace: names("Namespace"), cronjob: names("CronJob"), job: of("ServiceMonitor").flatMap(jobs) };

  /** A scrape job is called after the Service, or after a label of it. */
  function jobs({ metadata: { namespace = "" }, spec }: KubernetesObject): string[] {
    const { selector, namespaceSelector, jobLabel } = spec as unknown as Monitor;
    const { matchNames = [namespace] } = namespaceSelector ?? {};
    return of("Service")
      .filter(({ metadata }) => matchNames.includes(metadata.namespace ?? "") && matches(selector, metadata.labels))
      .map(({ metadata: { name, labels } }) => (jobLabel === undefined ? name : (labels?.[jobLabel] ?? name)));
  }
}

/** The rules match by namespaces, scrape jobs and CronJobs that the stack has: others' series never fire them. */
export function proveMatchers(stack: StackObjects): string[] {
  const values = known(stack);
  const rules = ruleGroups(stack).flatMap((group) => group.rules);
  return rules.flatMap(({ alert = "", expr }) =>
    [...expr.matchAll(/\b(namespace|cronjob|job)="([^"]*)"/g)]
      .filter(([, label = "", value = ""]) => values[label]?.includes(value) !== true)
      .map(
        ([matcher, label = ""]) =>
          `${stack.stack}: ${alert}: ${matcher}, but there is only ${values[label]?.join(", ") ?? ""}`,
      ),
  );
}
