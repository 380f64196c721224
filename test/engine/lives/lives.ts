import { airlockProd } from "./airlock.ts";
import { atbProd } from "./atb.ts";
import { identityProd } from "./identity.ts";
import { ledgerProd } from "./ledger.ts";
import type { Life } from "./life.ts";
import { shieldProd } from "./shield.ts";

/** The stacks whose lives are told, the longest first. */
export const lives: Life[] = [atbProd, shieldProd, airlockProd, ledgerProd, identityProd];
