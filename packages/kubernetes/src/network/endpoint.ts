export { type AddressRangeArgs, type Endpoint, internet, type PodSelectorArgs } from "@gatehouse/core";
export type { AdmissionArgs } from "./admission.ts";
