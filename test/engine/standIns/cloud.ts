import { globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digest } from "./answers.ts";
import type { WireObject } from "./plugin.ts";

/** Something that exists in a cloud. */
export interface CloudObject {
  id: string;
  type: string;
  /** The name that the program gave it. */
  name: string;
  state: WireObject;
  /** The runs that a job has begun. */
  runs?: Run[];
  /** Whether it is there although Pulumi has let it go. */
  isAbandoned?: boolean;
}

export interface Run {
  token: string;
  result: "running" | "succeeded" | "failed";
}

/** What is in another object and goes with it, and the property that names that one. */
const containers: Record<string, string> = {
  "gcp:secretmanager/secretVersion:SecretVersion": "secret",
  "gcp:servicenetworking/connection:Connection": "network",
  "gcp:sql/database:Database": "instance",
  "gcp:sql/user:User": "instance",
};

/** The cloud behind the recording providers: a folder with a file for each object, which tests read and change. */
export class Cloud {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  list(): CloudObject[] {
    return globSync(join(this.#directory, "*.json"))
      .map(readObject)
      .filter((object) => object !== undefined);
  }

  get(id: string): CloudObject | undefined {
    return readObject(this.#file(id));
  }

  put(object: CloudObject): void {
    const file = this.#file(object.id);
    // Who reads meanwhile finds the object as it was.
    writeFileSync(`${file}.new`, JSON.stringify(object));
    renameSync(`${file}.new`, file);
  }

  /** Removes an object, and what was abandoned in it. */
  remove({ id, state }: CloudObject): void {
    rmSync(this.#file(id), { force: true });
    for (const object of this.list().filter(({ isAbandoned }) => isAbandoned)) {
      const container = object.state[containers[object.type] ?? ""];
      if (container !== undefined && (container === id || container === state.name)) this.remove(object);
    }
  }

  /** An id that nothing has. */
  newId(urn: string): string {
    const first = digest(urn).slice(0, 12);
    let id = first;
    for (let count = 2; this.get(id) !== undefined; count++) id = `${first}-${count}`;
    return id;
  }

  #file(id: string): string {
    return join(this.#directory, `${encodeURIComponent(id)}.json`);
  }
}

function readObject(file: string): CloudObject | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as CloudObject;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
