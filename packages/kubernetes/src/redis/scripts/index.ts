import { common } from "./common.ts";
import { elect } from "./elect.ts";
import { pod } from "./pod.ts";
import { probe } from "./probe.ts";
import { proxy } from "./proxy.ts";
import { redis } from "./redis.ts";
import { sentinel } from "./sentinel.ts";
import { stop } from "./stop.ts";

/** The scripts, by file name. */
export const redisScripts: Record<string, string> = {
  "common.sh": common,
  "pod.sh": pod,
  "redis.sh": redis,
  "sentinel.sh": sentinel,
  "probe.sh": probe,
  "stop.sh": stop,
  "elect.sh": elect,
  "proxy.sh": proxy,
};
