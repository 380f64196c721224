/**
 * A provider without a cloud, in place of Pulumi's own: every resource that is asked for exists from then on. The
 * package that it stands for is its first argument.
 */
import { answerOf, digest } from "./answers.ts";
import { changes } from "./changes.ts";
import { secretSignature, signatureKey, unknown, type WireObject, type WireValue } from "./plugin.ts";
import { replacingProperties } from "./replacements.ts";
import { type ResourceProvider, serveProvider } from "./resourceProvider.ts";

/** Properties that only the cloud knows, by type; what a program reads of them is made of the resource's name. */
const computed: Record<string, string[]> = {
  "random:index/randomPassword:RandomPassword": ["result", "bcryptHash"],
  "random:index/randomId:RandomId": ["hex", "b64Url", "b64Std", "dec"],
};
/** Those of them that are secret. */
const secrets = ["result", "bcryptHash"];
/** What every resource of a package has beside its inputs. */
const common: Record<string, string[]> = { aws: ["arn"], gcp: ["selfLink"], random: [] };

const packageName = process.argv[2] ?? "";

const provider: ResourceProvider = {
  check(_, inputs) {
    return Promise.resolve(inputs);
  },
  diff({ type }, _, oldInputs, inputs) {
    const replacing = replacingProperties(type);
    const found = Object.entries(changes(oldInputs, inputs)).map(([path, kind]) => {
      const property = path.split(/[.[]/)[0] ?? "";
      return [path, { kind, replaces: replacing.includes(property) }] as const;
    });
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
  remove() {
    return Promise.resolve();
  },
  invoke(token, args) {
    return Promise.resolve(answerOf(token, args));
  },
};

function stateOf(urn: string, type: string, inputs: WireObject, preview: boolean): WireObject {
  const missing = [...(common[packageName] ?? []), ...(computed[type] ?? [])].filter((name) => !(name in inputs));
  const answer = (name: string): WireValue => {
    const value = preview ? unknown : `${name}-${digest(urn + name).slice(0, 16)}`;
    return secrets.includes(name) ? { [signatureKey]: secretSignature, value } : value;
  };
  return { ...inputs, ...Object.fromEntries(missing.map((name) => [name, answer(name)])) };
}

await serveProvider(packageName, provider);
