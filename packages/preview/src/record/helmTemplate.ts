import { spawnSync } from "node:child_process";

/** Options of a `helm.v3.Chart`, as its SDK sends them. */
interface ChartOptions {
  release_name?: string;
  namespace?: string;
  /** Folder of a local chart. */
  path?: string;
  chart?: string;
  repo?: string;
  version?: string;
  values?: object;
  fetch_opts?: { repo?: string; version?: string };
  api_versions?: string[];
  kube_version?: string;
  skip_crd_rendering?: boolean;
  include_test_hook_resources?: boolean;
}

export interface RenderedChart {
  text: string;
  namespace: string;
}

/**
 * Renders a chart with the user's `helm`, or gives `undefined` if there is no `helm` on the PATH.
 *
 * @throws Error with Helm's own message if it cannot render the chart.
 */
export function helmTemplate(jsonOpts: string): RenderedChart | undefined {
  const options = JSON.parse(jsonOpts) as ChartOptions;
  const { values = {}, namespace = "default" } = options;
  // Values may be secret, so they do not go onto a command line.
  const { error, status, stdout, stderr } = spawnSync("helm", helmArguments(options), {
    input: JSON.stringify(values),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error !== undefined && "code" in error && error.code === "ENOENT") return undefined;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`helm template ${options.release_name ?? ""}: ${stderr.trim()}`);
  return { text: stdout, namespace };
}

function helmArguments(options: ChartOptions): string[] {
  const { release_name = "release-name", namespace = "default", path, chart = "", repo, fetch_opts = {} } = options;
  const version = options.version ?? fetch_opts.version;
  return [
    "template",
    release_name,
    path ?? (repo === undefined ? chart : `${repo}/${chart}`),
    `--namespace=${namespace}`,
    "--values=-",
    ...(fetch_opts.repo === undefined ? [] : [`--repo=${fetch_opts.repo}`]),
    ...(version === undefined ? [] : [`--version=${version}`]),
    ...(options.kube_version === undefined ? [] : [`--kube-version=${options.kube_version}`]),
    ...(options.api_versions ?? []).map((apiVersion) => `--api-versions=${apiVersion}`),
    options.skip_crd_rendering === true ? "--skip-crds" : "--include-crds",
    ...(options.include_test_hook_resources === true ? [] : ["--skip-tests"]),
  ];
}
