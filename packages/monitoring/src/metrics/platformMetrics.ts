import { MetricType, exportedBy } from "./metric.ts";
import type { Metric } from "./metric.ts";

/** Metrics of one program that differ in name and help only. */
function alike(type: MetricType, labels: string[], help: Record<string, string>): Omit<Metric, "source">[] {
  return Object.entries(help).map(([name, help]) => ({ name, type, labels, help }));
}

/** Metrics of a pod's containers. Native sidecars are init containers, whose metrics have names of their own. */
function containerMetrics(prefix: string, what: string): Omit<Metric, "source">[] {
  const labels = ["namespace", "pod", "container", "uid"];
  return [
    ...alike(MetricType.Counter, labels, { [`${prefix}_status_restarts_total`]: `Restarts of the ${what}` }),
    ...alike(MetricType.Gauge, labels, {
      [`${prefix}_status_ready`]: `1 if the ${what} is ready`,
      [`${prefix}_status_running`]: `1 if the ${what} runs`,
      [`${prefix}_status_terminated`]: `1 if the ${what} has ended`,
      [`${prefix}_status_waiting`]: `1 if the ${what} waits to start`,
    }),
    ...alike(MetricType.Gauge, [...labels, "reason"], {
      [`${prefix}_status_last_terminated_reason`]: `Why the ${what} last ended, such as OOMKilled`,
      [`${prefix}_status_waiting_reason`]: `Why the ${what} waits, such as CrashLoopBackOff`,
    }),
    ...alike(MetricType.Gauge, [...labels, "node", "resource", "unit"], {
      [`${prefix}_resource_limits`]: `Limit of a resource for the ${what}`,
      [`${prefix}_resource_requests`]: `Request of a resource by the ${what}`,
    }),
  ];
}

/**
 * Metrics that Prometheus adds to every target that it scrapes.
 *
 * Source: https://prometheus.io/docs/concepts/jobs_instances/
 */
export const prometheusMetrics: Metric[] = exportedBy(
  "prometheus",
  alike(MetricType.Gauge, [], {
    up: "1 if the last scrape of the target succeeded, 0 if it failed; absent once the target is gone",
    scrape_duration_seconds: "Duration of the scrape",
    scrape_samples_scraped: "Samples that the target exposed",
  }),
);

/**
 * Metrics of kube-state-metrics about CronJobs, Jobs, pods, Deployments, StatefulSets and autoscalers, as far as
 * alerts use it. It must be scraped with `honorLabels`, as kube-prometheus-stack does, so that `namespace` and `pod`
 * are those of the object.
 *
 * Source: https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics/workload
 */
export const kubeStateMetrics: Metric[] = exportedBy("kube-state-metrics", [
  ...alike(MetricType.Gauge, ["namespace", "cronjob"], {
    kube_cronjob_created: "When the CronJob was created, Unix time",
    kube_cronjob_next_schedule_time: "When the CronJob runs next, Unix time",
    kube_cronjob_spec_suspend: "1 if the CronJob is suspended",
    kube_cronjob_status_active: "Jobs of the CronJob that run now",
    kube_cronjob_status_last_schedule_time: "When the CronJob last started a Job, Unix time",
    kube_cronjob_status_last_successful_time: "When a Job of the CronJob last succeeded, Unix time; absent before",
  }),
  ...alike(MetricType.Gauge, ["namespace", "job_name"], {
    kube_job_created: "When the Job was created, Unix time",
    kube_job_status_active: "Pods of the Job that run now",
    kube_job_status_completion_time: "When the Job completed, Unix time",
    kube_job_status_start_time: "When the Job started, Unix time",
    kube_job_status_succeeded: "Pods of the Job that succeeded",
  }),
  ...alike(MetricType.Gauge, ["namespace", "job_name", "reason"], {
    kube_job_status_failed: "Pods of the Job that failed, and why the Job did",
  }),
  ...alike(MetricType.Gauge, ["namespace", "job_name", "condition"], {
    kube_job_complete: "1 for the state (true, false, unknown) of the Job's completion",
    kube_job_failed: "1 for the state (true, false, unknown) of the Job's failure",
  }),
  ...alike(MetricType.Gauge, ["namespace", "job_name", "owner_kind", "owner_name", "owner_is_controller"], {
    kube_job_owner: "Always 1; its labels name what made the Job",
  }),
  ...containerMetrics("kube_pod_container", "container"),
  ...containerMetrics("kube_pod_init_container", "init container or native sidecar"),
  ...alike(MetricType.Gauge, ["namespace", "pod", "uid"], {
    kube_pod_status_unschedulable: "1 while no node takes the pod; absent otherwise",
  }),
  ...alike(MetricType.Gauge, ["namespace", "pod", "uid", "phase"], {
    kube_pod_status_phase: "1 for the pod's phase",
  }),
  ...alike(MetricType.Gauge, ["namespace", "pod", "uid", "condition"], {
    kube_pod_status_ready: "1 for the state (true, false, unknown) of the pod's readiness",
  }),
  ...alike(MetricType.Gauge, ["namespace", "deployment"], {
    kube_deployment_metadata_generation: "Generation of the Deployment that is wanted",
    kube_deployment_spec_replicas: "Pods that the Deployment wants",
    kube_deployment_status_observed_generation: "Generation of the Deployment that its controller has seen",
    kube_deployment_status_replicas: "Pods of the Deployment",
    kube_deployment_status_replicas_available: "Pods of the Deployment that are available",
    kube_deployment_status_replicas_ready: "Pods of the Deployment that are ready",
    kube_deployment_status_replicas_unavailable: "Pods that the Deployment still lacks",
    kube_deployment_status_replicas_updated: "Pods of the Deployment's current template",
  }),
  ...alike(MetricType.Gauge, ["namespace", "deployment", "condition", "status", "reason"], {
    kube_deployment_status_condition: "1 for the state of a condition of the Deployment",
  }),
  ...alike(MetricType.Gauge, ["namespace", "statefulset"], {
    kube_statefulset_replicas: "Pods that the StatefulSet wants",
    kube_statefulset_status_replicas: "Pods of the StatefulSet",
    kube_statefulset_status_replicas_ready: "Pods of the StatefulSet that are ready",
    kube_statefulset_status_replicas_updated: "Pods of the StatefulSet's current template",
  }),
  ...alike(MetricType.Gauge, ["namespace", "horizontalpodautoscaler"], {
    kube_horizontalpodautoscaler_spec_max_replicas: "Most pods that the autoscaler may ask for",
    kube_horizontalpodautoscaler_spec_min_replicas: "Fewest pods that the autoscaler may ask for",
    kube_horizontalpodautoscaler_status_current_replicas: "Pods that the autoscaler sees",
    kube_horizontalpodautoscaler_status_desired_replicas: "Pods that the autoscaler asks for",
  }),
]);

/**
 * Metrics of the kubelet about containers (cAdvisor) and volumes, as far as alerts and panels use them.
 *
 * Sources: https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md,
 * https://kubernetes.io/docs/reference/instrumentation/metrics/
 */
export const kubeletMetrics: Metric[] = exportedBy("kubelet", [
  ...alike(MetricType.Counter, ["namespace", "pod", "container", "image", "id", "name", "cpu"], {
    container_cpu_usage_seconds_total: "CPU time that the container has used",
  }),
  ...alike(MetricType.Counter, ["namespace", "pod", "container", "image", "id", "name"], {
    container_cpu_cfs_periods_total: "Scheduler periods of the container",
    container_cpu_cfs_throttled_periods_total: "Scheduler periods in which the container was throttled",
    container_oom_events_total: "Times that the container ran out of memory",
  }),
  ...alike(MetricType.Gauge, ["namespace", "pod", "container", "image", "id", "name"], {
    container_memory_working_set_bytes: "Memory of the container that cannot be reclaimed, which its limit counts",
    container_spec_memory_limit_bytes: "Memory limit of the container; 0 without one",
  }),
  ...alike(MetricType.Gauge, ["namespace", "persistentvolumeclaim"], {
    kubelet_volume_stats_available_bytes: "Free space of the volume",
    kubelet_volume_stats_capacity_bytes: "Size of the volume",
  }),
]);

/** All metrics of the platform: {@link prometheusMetrics}, {@link kubeStateMetrics}, {@link kubeletMetrics}. */
export const platformMetrics: Metric[] = [...prometheusMetrics, ...kubeStateMetrics, ...kubeletMetrics];
