import { Refusal } from "../../record/registration.ts";
import type { Recorder } from "../../record/recorder.ts";
import { unknownSentinel } from "../../record/wire.ts";
import type { Answers } from "./answers.ts";
import type {
  Callback,
  InvokeRequest,
  ReadResourceRequest,
  RegisterPackageRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  Reply,
} from "../modules/modules.ts";
import type { SdkOptions } from "../modules/options.ts";
import type { HintsOf } from "../hooks/origins.ts";
import type { Outstanding } from "../hooks/outstanding.ts";
import { readRegistration, readSource } from "./readers.ts";
import type { Transforms } from "./transforms.ts";

/** gRPC status codes. */
const unknownStatus = 2;
/** On this one the SDK takes it that the engine has told the user, and stops without another word. */
const unavailableStatus = 14;

/** Takes the SDK's requests, as the engine's ResourceMonitor service would. */
export class Monitor {
  readonly #options: SdkOptions;
  readonly #recorder: Recorder;
  readonly #hints: HintsOf;
  readonly #outputs: Outstanding;
  readonly #transforms: Transforms;
  readonly #answers: Answers;

  constructor(options: SdkOptions, hints: HintsOf, outputs: Outstanding, transforms: Transforms, answers: Answers) {
    this.#options = options;
    this.#recorder = options.recorder;
    this.#hints = hints;
    this.#outputs = outputs;
    this.#transforms = transforms;
    this.#answers = answers;
  }

  getDeploymentInfo(_: unknown, reply: Reply): void {
    reply(null, this.#answers.features());
  }

  supportsFeature(_: unknown, reply: Reply): void {
    reply(null, this.#answers.supported());
  }

  registerResource(request: RegisterResourceRequest, reply: Reply): void {
    this.#answer(reply, async () => {
      const own = this.#transforms.own(request);
      const inherited = this.#recorder.inherit(readRegistration(request, this.#hints));
      const registration = await this.#transforms.apply(inherited, own, request);
      const { urn, id, outputs } = this.#recorder.register(registration);
      this.#transforms.remember(urn, own, registration.parent);
      this.#options.onRegistered();
      return this.#answers.registered(urn, id, outputs);
    });
  }

  readResource(request: ReadResourceRequest, reply: Reply): void {
    this.#answer(reply, () => {
      const inputs = request.getProperties()?.toJavaScript() ?? {};
      const { urn, outputs } = this.#recorder.read({
        ...readSource(request, this.#hints, inputs),
        id: request.getId(),
      });
      this.#options.onRegistered();
      return this.#answers.read(urn, outputs);
    });
  }

  registerResourceOutputs(request: RegisterResourceOutputsRequest, reply: Reply): void {
    this.#answer(reply, () => {
      const outputs = request.getOutputs()?.toJavaScript() ?? {};
      const urn = request.getUrn();
      this.#recorder.registerOutputs(urn, outputs, this.#hints.get(outputs) ?? {});
      this.#outputs.report(urn);
      return this.#answers.nothing();
    });
  }

  invoke(request: InvokeRequest, reply: Reply): void {
    this.#answer(reply, async () => {
      const token = request.getTok();
      const { args, source } = await this.#transforms.applyToInvoke(request);
      return this.#answers.invoked(this.#recorder.invoke(token, args, source, request.getDependsonList?.() ?? []));
    });
  }

  /** A method's result is unknown, whatever it is. */
  call(_: unknown, reply: Reply): void {
    reply(null, this.#answers.called({ result: unknownSentinel }));
  }

  existsResource(_: unknown, reply: Reply): void {
    reply(null, this.#answers.exists());
  }

  registerPackage(request: RegisterPackageRequest, reply: Reply): void {
    this.#answer(reply, () => {
      const source = request.getParameterization() ?? request;
      const reference = this.#recorder.registerPackage(source.getName(), source.getVersion(), request.getDownloadUrl());
      return this.#answers.package(reference);
    });
  }

  registerStackTransform(callback: Callback, reply: Reply): void {
    this.#transforms.addToStack(callback);
    reply(null, this.#answers.nothing());
  }

  registerStackInvokeTransform(callback: Callback, reply: Reply): void {
    this.#transforms.addToInvokes(callback);
    reply(null, this.#answers.nothing());
  }

  /** Hooks run around operations of a provider, of which there are none. */
  registerResourceHook(_: unknown, reply: Reply): void {
    reply(null, this.#answers.nothing());
  }

  registerErrorHook(_: unknown, reply: Reply): void {
    reply(null, this.#answers.nothing());
  }

  signalAndWaitForShutdown(_: unknown, reply: Reply): void {
    reply(null, this.#answers.nothing());
  }

  close(): void {
    // There is no connection.
  }

  #answer(reply: Reply, answer: () => object | Promise<object>): void {
    try {
      const made = answer();
      if (!(made instanceof Promise)) {
        reply(null, made);
        return;
      }
      made.then(
        (response) => {
          reply(null, response);
        },
        (error: unknown) => {
          this.#fail(error, reply);
        },
      );
    } catch (error) {
      this.#fail(error, reply);
    }
  }

  #fail(error: unknown, reply: Reply): void {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Refusal) {
      this.#options.log("error", message, Promise.resolve(error.urn));
      reply({ code: unavailableStatus, message, details: message });
    } else {
      reply({ code: unknownStatus, message, details: message });
    }
  }
}
