/** A cluster for use by hand: prints what a shell needs to know, and stays until it is interrupted. */
import { Cluster } from "./cluster.ts";

const cluster = await Cluster.start((line) => process.stderr.write(`${line}\n`));
process.stdout.write(`export KUBECONFIG=${cluster.kubeconfigFile}\n`);
process.stderr.write("The cluster runs until Ctrl-C.\n");
const stay = setInterval(() => undefined, 1 << 30);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => {
    clearInterval(stay);
    void cluster.stop();
  });
