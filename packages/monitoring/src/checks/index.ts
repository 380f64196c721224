import type { Check } from "./check.ts";
import { matcherPattern } from "./matcherPattern.ts";
import { neverMatches } from "./neverMatches.ts";
import { noCondition } from "./noCondition.ts";
import { quantileBuckets } from "./quantileBuckets.ts";
import { rangeFunction } from "./rangeFunction.ts";
import { rateOfSum } from "./rateOfSum.ts";
import { rawCounter } from "./rawCounter.ts";
import { shortWindow } from "./shortWindow.ts";
import { unguardedDivision } from "./unguardedDivision.ts";
import { unknownLabel } from "./unknownLabel.ts";
import { unknownMetric } from "./unknownMetric.ts";
import { unreachableThreshold } from "./unreachableThreshold.ts";
import { unsummedRate } from "./unsummedRate.ts";
import { vanishedTarget } from "./vanishedTarget.ts";

/** All checks of expressions, in the order in which their findings are reported. */
export const checks: Check[] = [
  unknownMetric,
  unknownLabel,
  matcherPattern,
  rangeFunction,
  rawCounter,
  unsummedRate,
  rateOfSum,
  quantileBuckets,
  unreachableThreshold,
  shortWindow,
  unguardedDivision,
  neverMatches,
  vanishedTarget,
  noCondition,
];
