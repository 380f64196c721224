/** A command of the docs that the tests run. */
export interface RunCommand {
  /** As the docs have it. */
  command: string;
  /** What its output must match. */
  answer: RegExp;
  /** What stands for its placeholders, in which a shell substitutes. */
  values?: Record<string, string>;
  /** Whether the server only says what it would do. */
  dryRun?: boolean;
  /** A command that shows what this one leaves in the shell. */
  then?: string;
}

const podOf = (namespace: string, labels: string): string =>
  `$(kubectl -n ${namespace} get pods -l ${labels} -o jsonpath='{.items[0].metadata.name}')`;

const redis = { "<namespace>": "atb", "<name>": "atb-redis", "<n>": "0" };
const atbPod = { "<pod>": podOf("atb", "app=atb-broker") };
const shieldPod = { "<pod>": podOf("shield", "app=shield") };
const airlockPod = { "<pod>": podOf("mcp-airlock", "app.kubernetes.io/name=airlock") };

/** Run in this order, in a folder with the files that they read. */
export const runCommands: RunCommand[] = [
  {
    command: "kubectl -n atb create secret tls atb-tls --cert=broker.crt --key=broker.key",
    answer: /^secret\/atb-tls created \(server dry run\)$/,
    dryRun: true,
  },
  {
    command:
      "kubectl -n atb-dev create secret generic atb-agentauth-signing-key --from-file=ed25519_privkey_pem=signing.key",
    answer: /^secret\/atb-agentauth-signing-key created \(server dry run\)$/,
    dryRun: true,
  },
  {
    command:
      'kubectl -n atb-dev create secret generic atb-redis-password --from-literal=redis-password="$(openssl rand -hex 32)"',
    answer: /^secret\/atb-redis-password created \(server dry run\)$/,
    dryRun: true,
  },
  {
    command: "pod=$(kubectl -n atb get pods -l app.kubernetes.io/name=atb-broker -o name | head -n 1)",
    answer: /^pod\/atb-broker-\w+-\w+$/,
    then: 'echo "$pod"',
  },
  { command: "kubectl -n atb get pods", answer: /atb-agentauth-.*atb-broker-.*atb-redis-server-2 /s },
  { command: "kubectl -n atb get pods -l app=atb-broker", answer: /^NAME.*(\natb-broker-\S+ +\d\/\d +Running.*){3}$/ },
  {
    command: "kubectl -n atb get pods -l app.kubernetes.io/name=atb-redis-server",
    answer: /^NAME.*(\natb-redis-server-\d .*Running.*){3}$/,
  },
  {
    command: "kubectl -n atb get pods -l app.kubernetes.io/name=atb-redis",
    answer: /^NAME.*(\natb-redis-\w+-\w+ .*Running.*){2}$/,
  },
  { command: "kubectl -n atb get externalsecrets", answer: /atb-redis-password .*\natb-signing-key-2025-01 / },
  { command: "kubectl -n atb get serviceaccount atb-broker -o yaml", answer: /^ {2}name: atb-broker$/m },
  { command: "kubectl get clusterspiffeids", answer: /atb-agentauth.*atb-broker/s },
  { command: "kubectl -n atb describe pod <pod>", answer: /^Name: +atb-broker-/, values: atbPod },
  {
    command: "kubectl -n atb rollout history deployment/atb-broker",
    answer: /^deployment.apps\/atb-broker .*\nREVISION/,
  },
  {
    command: "kubectl -n atb rollout restart deployment/atb-broker",
    answer: /^deployment.apps\/atb-broker restarted$/,
  },
  {
    command: "kubectl -n atb create job --from=cronjob/atb-redis-backup atb-redis-backup-now",
    answer: /^job.batch\/atb-redis-backup-now created$/,
  },
  { command: "kubectl -n atb get jobs", answer: /^NAME.*\natb-redis-backup-now / },
  {
    command: "kubectl -n NAMESPACE get networkpolicy",
    answer: /\ndefault-deny /,
    values: { NAMESPACE: "atb" },
  },
  {
    command: `kubectl patch pvc -n <namespace> data-<name>-server-<n> -p '{"spec":{"resources":{"requests":{"storage":"8Gi"}}}}'`,
    answer: /^persistentvolumeclaim\/data-atb-redis-server-0 patched$/,
    values: redis,
  },
  {
    command: "kubectl rollout restart -n <namespace> statefulset/<name>-server",
    answer: /^statefulset.apps\/atb-redis-server restarted$/,
    values: redis,
  },
  {
    command: "kubectl delete pod -n <namespace> -l app.kubernetes.io/name=<name>-server",
    answer: /^(pod "atb-redis-server-\d" deleted.*\n?){3}$/,
    values: redis,
    dryRun: true,
  },
  {
    command: "kubectl delete statefulset -n <namespace> <name>-server --cascade=orphan",
    answer: /^statefulset.apps "atb-redis-server" deleted/,
    values: redis,
    dryRun: true,
  },
  { command: "kubectl -n shield get pods -l app=shield", answer: /^NAME.*(\nshield-\w+-\w+ .*Running.*){3}$/ },
  { command: "kubectl -n shield describe pod <pod>", answer: /^Name: +shield-/, values: shieldPod },
  { command: "kubectl -n shield rollout history deployment/shield", answer: /^deployment.apps\/shield .*\nREVISION/ },
  {
    command: "kubectl -n shield create job --from=cronjob/shield-backup shield-backup-now",
    answer: /^job.batch\/shield-backup-now created$/,
  },
  { command: "kubectl -n shield get jobs", answer: /\nshield-backup-now / },
  {
    command: "kubectl -n mcp-airlock create configmap rds-ca --from-file=bundle.pem",
    answer: /^configmap\/rds-ca created \(server dry run\)$/,
    dryRun: true,
  },
  { command: "kubectl -n mcp-airlock get pods", answer: /\nmcp-airlock-\S+ .*Running/ },
  {
    command: "kubectl -n mcp-airlock get pods,ingress",
    answer: /\npod\/mcp-airlock-.*\ningress.networking.k8s.io\/mcp-airlock /s,
  },
  { command: "kubectl -n mcp-airlock get externalsecrets", answer: /\nairlock-database / },
  { command: "kubectl -n mcp-airlock describe pod <pod>", answer: /^Name: +mcp-airlock-/, values: airlockPod },
  {
    command: "kubectl -n mcp-airlock rollout history deployment/mcp-airlock",
    answer: /^deployment.apps\/mcp-airlock .*\nREVISION/,
  },
  {
    command: "kubectl -n mcp-airlock rollout restart deployment/mcp-airlock",
    answer: /^deployment.apps\/mcp-airlock restarted$/,
  },
  {
    command: "kubectl -n mcp-airlock create job --from=cronjob/airlock-backup airlock-backup-now",
    answer: /^job.batch\/airlock-backup-now created$/,
  },
  { command: "kubectl -n mcp-airlock get jobs", answer: /\nairlock-backup-now / },
  { command: "openssl genpkey -algorithm ed25519 -out new-signing.key", answer: /^$/ },
  {
    command: "openssl pkey -in new-signing.key -pubout && shred -u new-signing.key",
    answer: /^-----BEGIN PUBLIC KEY-----/,
  },
  {
    command: "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out private.pem",
    answer: /^[.+*]*$/m,
  },
  { command: "openssl pkey -in private.pem -pubout", answer: /^-----BEGIN PUBLIC KEY-----/ },
];
