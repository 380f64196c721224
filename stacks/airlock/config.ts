// Where `gatehouse config schema airlock` looks for it.
export { config } from "./settings/config.ts";
