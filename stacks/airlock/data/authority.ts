import type { VolumeArgs } from "@gatehouse/kubernetes";
import type { AirlockConfig } from "../settings/config.ts";
import { directories } from "../settings/names.ts";

/** The authorities that the database's certificate is verified by, for the pods and for the backup. */
export function authorityVolume({ database }: AirlockConfig): VolumeArgs {
  return {
    name: "database-authority",
    mountPath: directories.databaseAuthority,
    configMap: database.authority,
    keys: { "bundle.pem": "bundle.pem" },
  };
}
