import {
  checkBytes,
  checkCount,
  checkDuration,
  checkPinned,
  formatDuration,
  parseDuration,
  type Problem,
} from "@gatehouse/core";
import { checkResources } from "../pod/container/resources.ts";
import { RedisEviction, type RedisHAArgs, RedisPersistence } from "./set/args.ts";
import { checkProxyMemory } from "./pods/proxyMemory.ts";
import { bytes, defaultResources, defaultStorage, majority } from "./set/set.ts";

/** Everything about a set that would fail, lose data or stand still only after it is deployed. */
export function checkRedisSet(subject: string, args: RedisHAArgs): Problem[] {
  const cache = args.persistence === RedisPersistence.Cache;
  const pods = args.replicas ?? (cache ? 1 : 3);
  const wrongPods = checkPods(`${subject}.replicas`, pods);
  return [
    ...checkChoices(subject, args),
    ...wrongPods,
    ...checkPasswords(subject, args),
    ...(wrongPods.length === 0 ? [...checkQuorum(subject, args, pods), ...checkMinReplicas(subject, args, pods)] : []),
    ...checkMasterSet(`${subject}.masterSet`, args.masterSet),
    ...checkTimes(subject, args),
    ...checkMemory(subject, args),
    ...checkEviction(`${subject}.eviction`, args),
    ...checkStorage(subject, args),
    ...checkImages(subject, args),
    ...(args.proxy ? checkProxyMemory(`${subject}.proxy`, args.proxy) : []),
    ...(pods === 1 && args.proxy
      ? [{ subject: `${subject}.proxy`, message: "a single pod needs no proxy", expected: "3 replicas or more" }]
      : []),
  ];
}

function checkChoices(subject: string, { persistence, eviction }: RedisHAArgs): Problem[] {
  const check = (name: string, value: string | undefined, known: string[]): Problem[] =>
    value === undefined || known.includes(value)
      ? []
      : [{ subject: `${subject}.${name}`, message: "no such choice", value, expected: `one of ${known.join(", ")}` }];
  return [
    ...check("persistence", persistence, Object.values(RedisPersistence)),
    ...check("eviction", eviction, Object.values(RedisEviction)),
  ];
}

function checkPasswords(subject: string, { password, alsoAccepts }: RedisHAArgs): Problem[] {
  if (alsoAccepts === undefined || alsoAccepts.secret !== password.secret || alsoAccepts.key !== password.key)
    return [];
  return [
    {
      subject: `${subject}.alsoAccepts`,
      message: "it is the key that password names",
      value: `key ${alsoAccepts.key}`,
      expected: "another key or another Secret, with the other password of a rotation",
    },
  ];
}

function checkPods(subject: string, pods: number): Problem[] {
  const wrong = checkCount(subject, "not a number of pods", pods, { least: 1 });
  if (wrong.length > 0 || pods % 2 === 1) return wrong;
  return [
    {
      subject,
      message: "each pod has a Sentinel, and an even number of them tolerates no more losses than one less",
      value: String(pods),
      expected: `an odd number: ${pods - 1} or ${pods + 1}`,
    },
  ];
}

function checkQuorum(subject: string, { quorum }: RedisHAArgs, pods: number): Problem[] {
  const path = `${subject}.quorum`;
  const wrong = checkCount(path, "not a number of Sentinels", quorum, { least: 1 });
  if (quorum === undefined || wrong.length > 0) return wrong;
  const expected = pods === 1 ? "1" : `from ${majority(pods)} to ${pods}`;
  if (quorum > pods)
    return [
      {
        subject: path,
        message: "more Sentinels would have to agree than there are, and no master would ever be replaced",
        value: `${quorum} of ${pods}`,
        expected,
      },
    ];
  if (quorum < majority(pods))
    return [
      {
        subject: path,
        message: "a minority that is cut off would find the master gone",
        value: `${quorum} of ${pods}`,
        expected,
      },
    ];
  return [];
}

function checkMinReplicas(subject: string, { minReplicasToWrite, persistence }: RedisHAArgs, pods: number): Problem[] {
  const path = `${subject}.minReplicasToWrite`;
  const wrong = checkCount(path, "not a number of replicas", minReplicasToWrite, { least: 0 });
  if (minReplicasToWrite === undefined || wrong.length > 0) return wrong;
  // The master is one of the pods, and one pod may be missing.
  const most = Math.max(0, pods - 2);
  if (minReplicasToWrite > most)
    return [
      {
        subject: path,
        message:
          pods === 1
            ? "a single pod has no replica, and would take no write"
            : "with one pod missing there are not enough replicas, and the master would take no write",
        value: pods === 1 ? String(minReplicasToWrite) : `${minReplicasToWrite}, with ${pods} pods`,
        expected: `at most ${most}`,
        fix: pods === 1 ? "leave it out" : "lower it, or add pods",
      },
    ];
  if (minReplicasToWrite === 0 && pods > 1 && persistence !== RedisPersistence.Cache)
    return [
      {
        subject: path,
        message: "a master that is cut off would go on taking writes, which are lost when it comes back",
        value: "0",
        expected: `from 1 to ${most}`,
        fix: "only a cache may do without: persistence cache",
      },
    ];
  return [];
}

function checkMasterSet(subject: string, masterSet: string | undefined): Problem[] {
  if (masterSet === undefined || /^[A-Za-z0-9._-]+$/.test(masterSet)) return [];
  return [
    {
      subject,
      message: "not a name that Sentinel takes",
      value: masterSet,
      expected: "letters, digits, dots, dashes and underscores",
    },
  ];
}

/** Bounds of a duration, in words that say why. */
interface DurationBounds {
  least: string;
  most?: string;
  why: string;
}

function checkTimes(subject: string, args: RedisHAArgs): Problem[] {
  const { downAfter, failoverTimeout, minReplicasMaxLag, terminationGracePeriodSeconds } = args;
  return [
    ...checkBounds(`${subject}.downAfter`, downAfter, {
      least: "1s",
      most: "5s",
      why: "Sentinels ask once a second, and a failover must be over within 8 s",
    }),
    ...checkBounds(`${subject}.failoverTimeout`, failoverTimeout, {
      least: "10s",
      most: "10m",
      why: "an election alone may take 10 s, and one that failed is tried again after twice the time",
    }),
    ...checkBounds(`${subject}.minReplicasMaxLag`, minReplicasMaxLag, {
      least: "2s",
      why: "replicas report once a second, and Redis counts whole seconds",
    }),
    ...(minReplicasMaxLag !== undefined &&
    checkDuration(minReplicasMaxLag, subject).length === 0 &&
    parseDuration(minReplicasMaxLag) % 1000 !== 0
      ? [
          {
            subject: `${subject}.minReplicasMaxLag`,
            message: "Redis counts whole seconds",
            value: minReplicasMaxLag,
            expected: formatDuration(Math.ceil(parseDuration(minReplicasMaxLag) / 1000) * 1000),
          },
        ]
      : []),
    ...checkCount(
      `${subject}.terminationGracePeriodSeconds`,
      "a pod would be killed while it hands over or writes its data",
      terminationGracePeriodSeconds,
      { least: 60 },
    ),
  ];
}

function checkBounds(subject: string, value: string | undefined, { least, most, why }: DurationBounds): Problem[] {
  if (value === undefined) return [];
  const unreadable = checkDuration(value, subject);
  if (unreadable.length > 0) return unreadable;
  const time = parseDuration(value);
  if (time >= parseDuration(least) && (most === undefined || time <= parseDuration(most))) return [];
  const expected = most === undefined ? `${least} or more: ${why}` : `from ${least} to ${most}: ${why}`;
  return [{ subject, message: time < parseDuration(least) ? "too short" : "too long", value, expected }];
}

/** The share of the memory limit that data may take. */
const mostPercent = 75n;

function checkMemory(subject: string, { maxmemory, resources = defaultResources }: RedisHAArgs): Problem[] {
  const path = `${subject}.maxmemory`;
  const unreadable = checkResources(`${subject}.redis`, resources);
  if (maxmemory === undefined) return unreadable;
  const wrong = [...unreadable, ...checkBytes(maxmemory, path)];
  if (wrong.length > 0) return wrong;
  const limit = resources.limits.memory;
  const most = (bytes(limit) * mostPercent) / 100n;
  const expected = `at most ${inMebibytes(most)}, ${mostPercent} % of the limit`;
  const fix = "lower maxmemory, or raise resources.limits.memory";
  if (bytes(maxmemory) === 0n)
    return [{ subject: path, message: "Redis takes 0 for no limit at all", value: maxmemory, expected }];
  if (bytes(maxmemory) > bytes(limit))
    return [
      {
        subject: path,
        message: "it is above the memory limit, and Redis is killed before it is reached",
        value: `maxmemory ${maxmemory}, memory limit ${limit}`,
        expected,
        fix,
      },
    ];
  if (bytes(maxmemory) > most)
    return [
      {
        subject: path,
        message: "it leaves too little of the memory limit for connections, replicas and copies",
        value: `maxmemory ${maxmemory} is ${(bytes(maxmemory) * 100n) / bytes(limit)} % of the memory limit ${limit}`,
        expected,
        fix,
      },
    ];
  return [];
}

function inMebibytes(amount: bigint): string {
  return `${amount / 2n ** 20n}Mi`;
}

function checkEviction(subject: string, { eviction, persistence }: RedisHAArgs): Problem[] {
  if (eviction === undefined || eviction === RedisEviction.NoEviction || persistence === RedisPersistence.Cache)
    return [];
  return [
    {
      subject,
      message: "entries that must last would vanish when the memory is full",
      value: eviction,
      expected: RedisEviction.NoEviction,
      fix: "leave it out; or, if every entry can be made again, set persistence to cache",
    },
  ];
}

function checkStorage(subject: string, args: RedisHAArgs): Problem[] {
  const { storage, persistence, maxmemory, resources = defaultResources } = args;
  const path = `${subject}.storage`;
  if (persistence === RedisPersistence.Cache)
    return storage ? [{ subject: path, message: "a cache writes nothing to disk", expected: "no storage" }] : [];
  const { size } = storage ?? defaultStorage;
  const wrong = checkBytes(size, `${path}.size`);
  const memory = maxmemory ?? resources.limits.memory;
  if (wrong.length > 0 || checkBytes(memory, path).length > 0 || bytes(size) >= 2n * bytes(memory)) return wrong;
  return [
    {
      subject: `${path}.size`,
      message: "the log of writes does not fit beside its own rewrite",
      value: `${size}, for ${memory} of memory`,
      expected: `at least ${inMebibytes(2n * bytes(memory))}, twice that`,
    },
  ];
}

function checkImages(subject: string, { image, proxy, metrics }: RedisHAArgs): Problem[] {
  const images = { image: image, "proxy.image": proxy?.image, "metrics.image": metrics?.image };
  return Object.entries(images).flatMap(([name, image]) =>
    typeof image === "string" ? checkPinned(image, `${subject}.${name}`) : [],
  );
}
