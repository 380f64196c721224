import { InputError, type Problem } from "../errors/problem.ts";

/** The parts of a container image's reference. */
export interface ImageReference {
  /** The reference without tag and digest, as given: `gcr.io/materi/shield`. */
  name: string;
  /** The registry's host, with its port if it has one; `docker.io` if the reference names none. */
  registry: string;
  /** The repository in the registry: `materi/shield`; `library/redis` for Docker's own `redis`. */
  repository: string;
  /** The tag, if the reference has one. */
  tag?: string;
  /** The digest, if the reference has one: `sha256:` and 64 hexadecimal digits. */
  digest?: string;
}

// https://github.com/distribution/reference/blob/main/regexp.go
const hostPattern =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d+)?$/;
const pathPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/**
 * Takes a container image's reference apart: `registry:port/repository:tag@digest`.
 *
 * @throws InputError if it is not a reference.
 */
export function parseImage(reference: string): ImageReference {
  const result = read(reference);
  if (typeof result === "string") throw new InputError(malformed(reference, "image", result));
  return result;
}

/**
 * Reasons why an image is not pinned: a reference that is malformed, or that names neither a digest nor a tag other
 * than `latest`, so that what runs could change without a change of the stack. Empty if it is pinned.
 *
 * @param subject What the image is for: a config key, for which the fix is the command, or an argument.
 */
export function checkPinned(reference: string, subject: string): Problem[] {
  const image = read(reference);
  if (typeof image === "string") return [malformed(reference, subject, image)];
  if (image.digest !== undefined || (image.tag !== undefined && image.tag !== "latest")) return [];
  const pinned = `${image.name}:VERSION`;
  return [
    {
      subject,
      message: "the image is not pinned",
      value: reference,
      expected: 'a tag other than "latest", or a digest',
      fix: /^[\w-]+:[\w.[\]"-]+$/.test(subject)
        ? `pulumi config set${/[.[]/.test(subject) ? " --path" : ""} ${subject} ${pinned}`
        : `for example ${pinned}`,
    },
  ];
}

/**
 * Checks that an image is one release: a digest, or a tag that its owner does not move. `7`, `7.2-alpine` and `stable`
 * move with each release; `7.2.11-alpine` does not. PostgreSQL numbers its releases with two parts: `15.14`.
 *
 * @param subject What the image is for: a config key, for which the fix is the command, or an argument.
 */
export function checkRelease(reference: string, subject: string): Problem[] {
  const image = read(reference);
  const unpinned = checkPinned(reference, subject);
  if (typeof image === "string" || unpinned.length > 0) return unpinned;
  if (image.digest !== undefined || !isMoving(image)) return [];
  return [
    {
      subject,
      message: "the image's tag moves with each release",
      value: reference,
      expected: "a full version such as 7.2.11-alpine, or a digest",
      fix: `find the digest of what you have tested, and use ${image.name}@sha256:DIGEST`,
    },
  ];
}

function isMoving({ repository, tag = "" }: ImageReference): boolean {
  if (!/\d/.test(tag)) return true;
  const [, version] = /^v?(\d{1,3}(?:\.\d+)*)(?:-.*)?$/.exec(tag) ?? [];
  // A commit, a date or a name with a number.
  if (version === undefined) return false;
  const isPostgres = /(?:^|[/_.-])postgres/.test(repository);
  return version.split(".").length < (isPostgres ? 2 : 3);
}

/** The parts, or what is wrong. */
function read(reference: string): ImageReference | string {
  if (reference === "") return "the image is empty";
  const at = reference.indexOf("@");
  const digest = at < 0 ? undefined : reference.slice(at + 1);
  const named = at < 0 ? reference : reference.slice(0, at);
  // A colon before the last slash belongs to the registry's port.
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const name = colon < 0 ? named : named.slice(0, colon);

  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  const hasRegistry = /[.:A-Z]/.test(first) || first === "localhost";
  const registry = hasRegistry ? first : "docker.io";
  const path = hasRegistry ? name.slice(slash + 1) : name;

  if (!hostPattern.test(registry)) return `the registry ${JSON.stringify(registry)} is not a host`;
  if (!path.split("/").every((part) => pathPattern.test(part))) {
    return `the repository ${JSON.stringify(path)} is not lower-case letters and digits, separated by / . _ or -`;
  }
  if (tag !== undefined && !tagPattern.test(tag)) {
    return `the tag ${JSON.stringify(tag)} is not 1 to 128 letters, digits and _ . -`;
  }
  if (digest !== undefined && !digestPattern.test(digest)) {
    return `the digest ${JSON.stringify(digest)} is not sha256: and 64 hexadecimal digits`;
  }
  return {
    name,
    registry,
    repository: registry === "docker.io" && !path.includes("/") ? `library/${path}` : path,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

function malformed(reference: string, subject: string, message: string): Problem {
  return { subject, message, value: reference, expected: "an image reference such as gcr.io/materi/shield:2.1.0" };
}
