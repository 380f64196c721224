import type { Recorder } from "../../record/recorder.ts";
import type { Pending } from "../modules/options.ts";
import type { ResourceLike, RuntimeResourceModule, Store } from "../modules/modules.ts";

/** The components that have yet to report outputs which they have announced. */
export class Outstanding {
  readonly #components = new Set<ResourceLike>();
  readonly #byUrn = new Map<unknown, ResourceLike>();

  announce(component: ResourceLike): void {
    this.#components.add(component);
    component.urn.promise().then(
      (urn) => this.#byUrn.set(urn, component),
      () => this.#components.delete(component),
    );
  }

  report(urn: string): void {
    const component = this.#byUrn.get(urn);
    if (component !== undefined) this.#components.delete(component);
  }

  all(): ResourceLike[] {
    return [...this.#components];
  }
}

export function watchOutputs(resource: RuntimeResourceModule, outstanding: Outstanding): void {
  const { registerResourceOutputs } = resource;
  resource.registerResourceOutputs = (component, outputs) => {
    outstanding.announce(component);
    registerResourceOutputs(component, outputs);
  };
}

export function pendingWork(store: Store, outputs: ResourceLike[], calls: number, recorder: Recorder): Pending[] {
  const registrations = [...(store.pendingResourceRegistrations?.values() ?? [])];
  const pending = registrations.map(({ label, type, name, phase, inputProperty }) => ({
    subject: type !== undefined && name !== undefined ? `${type} "${name}"` : label,
    waitsFor:
      phase === "inputs" && inputProperty !== undefined
        ? `its input "${inputProperty}"`
        : phase === "parent"
          ? "its parent"
          : phase === "provider"
            ? "its provider"
            : phase === "inputs"
              ? "its inputs"
              : "what it depends on",
  }));
  for (const { __pulumiType: type, __name: name } of outputs) {
    if (type === "pulumi:pulumi:Stack") pending.push({ subject: "the stack", waitsFor: "an output" });
    else pending.push({ subject: `${type ?? "component"} "${name ?? ""}"`, waitsFor: "its outputs" });
  }
  const others = calls - pending.length;
  if (others > 0) {
    pending.push({
      subject: others === 1 ? "one call" : `${String(others)} calls`,
      waitsFor: "arguments or an answer",
    });
  }
  if (pending.length === 0 && !recorder.isComplete) {
    pending.push({ subject: "the program", waitsFor: "an await at its top level, or a value that it exports" });
  }
  return pending;
}
