import * as pulumi from "@pulumi/pulumi";

/**
 * State of one program. A process may run several programs one after another, as tests do, each against its own monitor.
 * The state is kept here rather than in a component's field, because a private field would enter the component's schema.
 *
 * @param initial Makes the state of a new program.
 * @returns A function that gives the running program's state.
 */
export function programState<T extends object>(initial: () => T): () => T {
  const states = new WeakMap<object, T>();
  const outside = {};
  return () => {
    const key = pulumi.runtime.getMonitor() ?? outside;
    const state = states.get(key) ?? initial();
    states.set(key, state);
    return state;
  };
}
