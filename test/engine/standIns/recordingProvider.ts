/**
 * A provider without a cloud, in place of Pulumi's own: every resource that is asked for exists from then on, in a
 * folder. The package that it stands for is its first argument.
 */
import { answerOf, digest } from "./answers.ts";
import { changes, restrict } from "./changes.ts";
import { Cloud, type CloudObject } from "./cloud.ts";
import { jobType, runJob } from "./jobRuns.ts";
import { isObject, secretSignature, signatureKey, unknown, type WireObject, type WireValue } from "./plugin.ts";
import { replaces } from "./replacements.ts";
import { type ResourceProvider, serveProvider } from "./resourceProvider.ts";

/** A value that is made of the resource's name and of where it is. */
type Answer = (digest: string, region: string) => WireValue;

/** What only the cloud knows of a resource, by type. */
const computed: Record<string, Record<string, WireValue | Answer>> = {
  "random:index/randomPassword:RandomPassword": { result: secret, bcryptHash: secret },
  "random:index/randomBytes:RandomBytes": { base64: secret, hex: secret },
  "random:index/randomId:RandomId": { hex: (text) => text.slice(0, 8) },
  "aws:kms/key:Key": { arn: (text, region) => `arn:aws:kms:${region}:123456789012:key/${text}`, keyId: (text) => text },
  "aws:rds/instance:Instance": {
    address: (text) => `${text.slice(0, 8)}.rds.example.com`,
    masterUserSecrets: (text, region) => [
      { secretArn: `arn:aws:secretsmanager:${region}:123456789012:secret:${text}` },
    ],
  },
  "aws:sns/topic:Topic": { arn: (text, region) => `arn:aws:sns:${region}:123456789012:${text}` },
  "aws:secretsmanager/secretVersion:SecretVersion": { versionId: (text) => text },
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
const cloud = new Cloud(process.env.GATEHOUSE_CLOUD ?? "");
const cancelled = new AbortController();

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
  async create({ urn, type, name }, inputs, { preview }) {
    if (preview) return { id: "", state: stateOf("", type, inputs, preview) };
    const id = cloud.newId(urn);
    return { id, state: await made({ id, type, name, state: stateOf(id, type, inputs, preview) }) };
  },
  update({ type, name }, id, inputs, _, { preview }) {
    const former = cloud.get(id);
    const state = stateOf(id, type, inputs, preview, former?.state);
    return preview ? Promise.resolve(state) : made({ ...former, id, type, name, state });
  },
  read(_, id, inputs, state) {
    const object = cloud.get(id);
    if (object !== undefined)
      return Promise.resolve({ inputs: restrict(object.state, inputs) as WireObject, state: object.state });
    // What a program only reads is there, and is what it says. A program may say more of it than its id.
    const isRead = packageName === "test" || Object.keys(inputs).length === 0;
    return Promise.resolve(isRead ? { inputs, state } : undefined);
  },
  remove({ name }, id) {
    const object = cloud.get(id);
    if (object === undefined) return Promise.resolve();
    if (isProtected(object.state))
      return Promise.reject(new Error(`${name} is not deleted: deletion protection is on`));
    if (isKept(object.state)) cloud.put({ ...object, isAbandoned: true });
    else cloud.remove(object);
    return Promise.resolve();
  },
  invoke(token, args) {
    return Promise.resolve(answerOf(token, args));
  },
  cancel() {
    cancelled.abort();
  },
};

/** Puts an object into the cloud, and waits for what it does there. */
async function made(object: CloudObject): Promise<WireObject> {
  cloud.put(object);
  if (object.type === jobType) await runJob(cloud, object, cancelled.signal);
  return object.state;
}

function isProtected({ deletionProtection, settings }: WireObject): boolean {
  return deletionProtection === true || (isObject(settings) && settings.deletionProtectionEnabled === true);
}

/** Whether an object outlives its deletion: left to itself, or only switched off. */
function isKept({ deletionPolicy, disableOnDestroy }: WireObject): boolean {
  return deletionPolicy === "ABANDON" || deletionPolicy === "DISABLE" || disableOnDestroy === false;
}

function stateOf(id: string, type: string, inputs: WireObject, preview: boolean, former: WireObject = {}): WireObject {
  const shared = (common[packageName] ?? []).map((name) => [name, (text: string) => `${name}-${text}`] as const);
  const answers = { ...Object.fromEntries(shared), ...computed[type] };
  const missing = Object.entries(answers).filter(([name]) => !(name in inputs));
  const region = typeof inputs.region === "string" ? inputs.region : "us-west-2";
  const known = missing.map(([name, answer]) => {
    const value = typeof answer === "function" ? answer(digest(id + name).slice(0, 16), region) : answer;
    if (!preview) return [name, former[name] ?? value] as const;
    return [name, answer === secret ? { [signatureKey]: secretSignature, value: unknown } : unknown] as const;
  });
  return { ...inputs, ...Object.fromEntries(known) };
}

function secret(text: string): WireValue {
  return { [signatureKey]: secretSignature, value: text };
}

await serveProvider(packageName, provider);
