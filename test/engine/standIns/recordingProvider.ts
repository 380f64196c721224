/**
 * A provider without a cloud, in place of Pulumi's own: every resource that is asked for exists from then on. The
 * package that it stands for is its first argument.
 */
import { answerOf, digest } from "./answers.ts";
import { changes } from "./changes.ts";
import { secretSignature, signatureKey, unknown, type WireObject, type WireValue } from "./plugin.ts";
import { replaces } from "./replacements.ts";
import { type ResourceProvider, serveProvider } from "./resourceProvider.ts";

/** What only the cloud knows of a resource, by type; a value that is a function is made of the resource's name. */
const computed: Record<string, Record<string, WireValue | ((digest: string) => WireValue)>> = {
  "random:index/randomPassword:RandomPassword": { result: secret, bcryptHash: secret },
  "random:index/randomBytes:RandomBytes": { base64: secret, hex: secret },
  "random:index/randomId:RandomId": { hex: (text) => text.slice(0, 8) },
  "gcp:secretmanager/secretVersion:SecretVersion": { version: "1" },
  "gcp:serviceaccount/account:Account": {
    email: (text) => `${text.slice(0, 8)}@example.iam.gserviceaccount.com`,
    member: (text) => `serviceAccount:${text.slice(0, 8)}@example.iam.gserviceaccount.com`,
  },
  "gcp:sql/databaseInstance:DatabaseInstance": {
    connectionName: (text) => `project:region:${text.slice(0, 8)}`,
    privateIpAddress: "10.0.0.2",
    serverCaCerts: [{ cert: "certificate" }],
  },
  "gcp:redis/instance:Instance": {
    host: "10.0.0.3",
    port: 6378,
    authString: secret,
    serverCaCerts: [{ cert: "certificate" }],
  },
  "gcp:cloudrunv2/service:Service": {
    uri: (text) => `https://${text.slice(0, 8)}.run.app`,
    latestReadyRevision: "one",
  },
};
/** What every resource of a package has beside its inputs. */
const common: Record<string, string[]> = { aws: ["arn"], gcp: ["name", "selfLink", "project"] };

const packageName = process.argv[2] ?? "";

const provider: ResourceProvider = {
  check(_, inputs) {
    return Promise.resolve(inputs);
  },
  diff({ type }, _, oldInputs, inputs) {
    const found = Object.entries(changes(oldInputs, inputs)).map(
      ([path, kind]) => [path, { kind, replaces: replaces(type, path, oldInputs, inputs) }] as const,
    );
    return Promise.resolve({ changes: Object.fromEntries(found) });
  },
  create({ urn, type }, inputs, { preview }) {
    return Promise.resolve({ id: preview ? "" : digest(urn).slice(0, 12), state: stateOf(urn, type, inputs, preview) });
  },
  update({ urn, type }, _, inputs, __, { preview }) {
    return Promise.resolve(stateOf(urn, type, inputs, preview));
  },
  read(_, __, inputs, state) {
    return Promise.resolve({ inputs, state });
  },
  remove({ name }, _, { deletionProtection }) {
    if (deletionProtection === true)
      return Promise.reject(new Error(`${name} is not deleted: deletion protection is on`));
    return Promise.resolve();
  },
  invoke(token, args) {
    return Promise.resolve(answerOf(token, args));
  },
};

function stateOf(urn: string, type: string, inputs: WireObject, preview: boolean): WireObject {
  const shared = (common[packageName] ?? []).map((name) => [name, (text: string) => `${name}-${text}`] as const);
  const answers = { ...Object.fromEntries(shared), ...computed[type] };
  const missing = Object.entries(answers).filter(([name]) => !(name in inputs));
  const known = missing.map(([name, answer]) => {
    const value = typeof answer === "function" ? answer(digest(urn + name).slice(0, 16)) : answer;
    if (!preview) return [name, value] as const;
    return [name, answer === secret ? { [signatureKey]: secretSignature, value: unknown } : unknown] as const;
  });
  return { ...inputs, ...Object.fromEntries(known) };
}

function secret(text: string): WireValue {
  return { [signatureKey]: secretSignature, value: text };
}

await serveProvider(packageName, provider);
