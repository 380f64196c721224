import type { WireObject } from "../../record/wire.ts";
import type { MonitorService, ResourceProto, StructClass } from "../modules/modules.ts";
import { keepByReference } from "../modules/structs.ts";

type Answer<Method extends keyof MonitorService> = InstanceType<MonitorService[Method]["responseType"]>;

/**
 * Answers to the SDK's requests. They are messages of the SDK's own classes, so they have every member that a release reads.
 */
export class Answers {
  readonly #service: MonitorService;
  readonly #features: ResourceProto["ResourceMonitorFeature"];
  readonly #structs: StructClass;

  constructor(service: MonitorService, { ResourceMonitorFeature }: ResourceProto, structs: StructClass) {
    this.#service = service;
    this.#features = ResourceMonitorFeature;
    this.#structs = structs;
    keepByReference(service.registerResource.responseType, "Object");
    keepByReference(service.readResource.responseType, "Properties");
    keepByReference(service.invoke.responseType, "Return");
    keepByReference(service.call.responseType, "Return");
  }

  registered(urn: string, id: string, outputs: WireObject): object {
    const answer = this.#new("registerResource");
    answer.setUrn(urn);
    answer.setId(id);
    answer.setObject(this.#structs.fromJavaScript(outputs));
    return answer;
  }

  read(urn: string, outputs: WireObject): object {
    const answer = this.#new("readResource");
    answer.setUrn(urn);
    answer.setProperties(this.#structs.fromJavaScript(outputs));
    return answer;
  }

  /** The result of a provider's function; without one it is unknown. */
  invoked(result: WireObject | undefined): object {
    const answer = this.#new("invoke");
    if (result === undefined) answer.setUnknown?.(true);
    else answer.setReturn(this.#structs.fromJavaScript(result));
    return answer;
  }

  called(result: WireObject): object {
    const answer = this.#new("call");
    answer.setReturn(this.#structs.fromJavaScript(result));
    return answer;
  }

  /** Only the cloud knows whether the resource exists. */
  exists(): object {
    const answer = this.#new("existsResource");
    answer.setUnknown(true);
    return answer;
  }

  package(reference: string): object {
    const answer = this.#new("registerPackage");
    answer.setRef(reference);
    return answer;
  }

  /** All features of the engine that the release knows. */
  features(): object {
    const answer = this.#new("getDeploymentInfo");
    answer.setSupportedfeaturesList(Object.values(this.#features).filter((feature) => typeof feature !== "string"));
    return answer;
  }

  supported(): object {
    const answer = this.#new("supportsFeature");
    answer.setHassupport(true);
    return answer;
  }

  nothing(): object {
    return this.#new("registerResourceOutputs");
  }

  #new<Method extends keyof MonitorService>(method: Method): Answer<Method> {
    return new this.#service[method].responseType() as Answer<Method>;
  }
}
