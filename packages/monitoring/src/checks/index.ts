import type { Check } from "./contract/check.ts";
import { matcherPattern } from "./names/matcherPattern.ts";
import { neverMatches } from "./names/neverMatches.ts";
import { noCondition } from "./conditions/noCondition.ts";
import { quantileBuckets } from "./conditions/quantileBuckets.ts";
import { rangeFunction } from "./rates/rangeFunction.ts";
import { rateOfSum } from "./rates/rateOfSum.ts";
import { rawCounter } from "./rates/rawCounter.ts";
import { shortWindow } from "./rates/shortWindow.ts";
import { unguardedDivision } from "./conditions/unguardedDivision.ts";
import { unknownLabel } from "./names/unknownLabel.ts";
import { unknownMetric } from "./names/unknownMetric.ts";
import { unreachableThreshold } from "./conditions/unreachableThreshold.ts";
import { unsummedRate } from "./rates/unsummedRate.ts";
import { vanishedTarget } from "./names/vanishedTarget.ts";

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
