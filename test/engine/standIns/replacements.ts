/**
 * Properties whose change makes another resource, by type, as the providers' schemas say. A type that is not here is
 * changed in place.
 */
const replacing: Record<string, string[]> = {
  "random:index/randomPassword:RandomPassword": ["length", "special", "keepers", "overrideSpecial"],
  "random:index/randomId:RandomId": ["byteLength", "keepers", "prefix"],
};
/** What every provider of a package treats so. */
const byPackage: Record<string, string[]> = {
  gcp: ["project", "location", "region", "name", "accountId"],
  aws: ["bucket", "name", "identifier", "engine", "subnetIds"],
};

export function replacingProperties(type: string): string[] {
  const [packageName = ""] = type.split(":");
  return replacing[type] ?? byPackage[packageName] ?? [];
}
