import type { Registration } from "./registration.ts";
import { secretOf, type WireObject } from "./wire.ts";

/** The engine keeps among a provider's inputs where its plugin comes from. */
export function providerInputs({
  inputs,
  version,
  pluginDownloadUrl,
  envVarMappings = {},
}: Pick<Registration, "inputs" | "version" | "pluginDownloadUrl" | "envVarMappings">): WireObject {
  const internal: WireObject = {};
  if (pluginDownloadUrl !== "") internal.pluginDownloadURL = pluginDownloadUrl;
  if (Object.keys(envVarMappings).length > 0) internal.envVarMappings = envVarMappings;
  return {
    ...inputs,
    ...(version === "" ? {} : { version }),
    ...(Object.keys(internal).length === 0 ? {} : { __internal: internal }),
  };
}

/** The engine has a default provider for each version of a package, and for each place that plugins come from. */
export function defaultProviderName(version: string, pluginDownloadUrl: string): string {
  const ofVersion = version === "" ? "default" : `default_${version.replace(/^v/, "").replace(/[^A-Za-z0-9]/g, "_")}`;
  if (pluginDownloadUrl === "") return ofVersion;
  const parts = pluginDownloadUrl.split("/").filter((part) => part !== "");
  const place = parts.map((part) => part.replace(/^[^A-Za-z0-9_.]/, "_").replace(/[^A-Za-z0-9_.-]/g, "_")).join("/");
  return `${ofVersion}_${place}`;
}

/** A default provider is configured by the stack's config in the package's namespace. */
export function providerConfig(
  packageName: string,
  { config, secretKeys }: { config: Record<string, string>; secretKeys: string[] },
): WireObject {
  const inputs: WireObject = {};
  for (const [key, value] of Object.entries(config)) {
    if (!key.startsWith(`${packageName}:`)) continue;
    inputs[key.slice(packageName.length + 1)] = secretKeys.includes(key) ? secretOf(value) : value;
  }
  return inputs;
}
