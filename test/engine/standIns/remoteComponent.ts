/** What a provider does for the components that it makes in its own process, and for their methods. */
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import { connect, isObject, type Message, protocol, Struct, type StructMessage, unknown } from "./plugin.ts";

export interface ConstructRequest {
  getMonitorendpoint(): string;
  getDryrun(): boolean;
  getType(): string;
  getName(): string;
  getParent(): string;
  getInputs(): StructMessage | undefined;
  getProvidersMap(): { get(packageName: string): string | undefined };
  getDependenciesList(): string[];
  getInputdependenciesMap(): { entries(): Iterable<[string, Urns]> };
  getAliasesList(): Message[];
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
  getDeletedwith(): string;
}

interface Urns {
  getUrnsList(): string[];
}
interface UrnsMessage extends Message {
  setUrnsList(urns: string[]): void;
}
interface UrnsMap {
  set(key: string, urns: UrnsMessage): void;
}

export interface CallRequest {
  getArgs(): StructMessage | undefined;
  getDryrun(): boolean;
}

interface RegisterRequest extends Message {
  setType(type: string): void;
  setName(name: string): void;
  setParent(urn: string): void;
  setCustom(custom: boolean): void;
  setObject(inputs: StructMessage): void;
  setDependenciesList(urns: string[]): void;
  getPropertydependenciesMap(): UrnsMap;
  setAliasesList(aliases: Message[]): void;
  setAliasspecs(isOfToday: boolean): void;
  setProtect(protect: boolean): void;
  setRetainondelete(retain: boolean): void;
  setDeletedwith(urn: string): void;
  setProvider(reference: string): void;
  setAcceptsecrets(accept: boolean): void;
  setSupportspartialvalues(supports: boolean): void;
}
interface RegisterResponse {
  getUrn(): string;
}

const { RegisterResourceRequest } = protocol("resource_pb") as {
  RegisterResourceRequest: (new () => RegisterRequest) & { PropertyDependencies: new () => UrnsMessage };
};
const { ResourceMonitorService } = protocol("resource_grpc_pb") as { ResourceMonitorService: ServiceDefinition };
const { ConstructResponse, CallResponse } = protocol("provider_pb") as {
  ConstructResponse: new () => Message & { setUrn(urn: string): void; setState(state: StructMessage): void };
  CallResponse: (new () => Message & {
    setReturn(result: StructMessage): void;
    getReturndependenciesMap(): UrnsMap;
  }) & { ReturnDependencies: new () => UrnsMessage };
};

/** Makes a component with one resource in it; its address is known once it is there. */
export async function construct(request: ConstructRequest): Promise<Message> {
  const inputs = request.getInputs() ?? Struct.fromJavaScript({});
  const component = new RegisterResourceRequest();
  component.setType(request.getType());
  component.setName(request.getName());
  component.setParent(request.getParent());
  component.setObject(inputs);
  component.setDependenciesList(request.getDependenciesList());
  for (const [key, dependencies] of request.getInputdependenciesMap().entries()) {
    const own = new RegisterResourceRequest.PropertyDependencies();
    own.setUrnsList(dependencies.getUrnsList());
    component.getPropertydependenciesMap().set(key, own);
  }
  component.setAliasesList(request.getAliasesList());
  component.setAliasspecs(true);
  const [protect, retain] = [request.getProtect(), request.getRetainondelete()];
  if (protect !== undefined) component.setProtect(protect);
  if (retain !== undefined) component.setRetainondelete(retain);
  component.setDeletedwith(request.getDeletedwith());
  const urn = await register(request.getMonitorendpoint(), component);

  const [packageName = "", module = ""] = request.getType().split(":");
  const child = new RegisterResourceRequest();
  child.setType(`${packageName}:${module}:Thing`);
  child.setName(`${request.getName()}-thing`);
  child.setParent(urn);
  child.setCustom(true);
  child.setObject(Struct.fromJavaScript({ value: "made by the provider" }));
  child.setProvider(request.getProvidersMap().get(packageName) ?? "");
  await register(request.getMonitorendpoint(), child);

  const response = new ConstructResponse();
  response.setUrn(urn);
  response.setState(
    Struct.fromJavaScript({ url: request.getDryrun() ? unknown : `https://${request.getName()}.example.com` }),
  );
  return response;
}

/** A method's result depends on its component, and is not known before that is there. */
export function call(request: CallRequest): Message {
  const { __self__: self, ...args } = request.getArgs()?.toJavaScript() ?? {};
  const response = new CallResponse();
  response.setReturn(Struct.fromJavaScript({ text: request.getDryrun() ? unknown : Object.keys(args).join(", ") }));
  const dependencies = new CallResponse.ReturnDependencies();
  dependencies.setUrnsList([(isObject(self) ? self.urn : self) as string]);
  response.getReturndependenciesMap().set("text", dependencies);
  return response;
}

async function register(monitor: string, request: RegisterRequest): Promise<string> {
  request.setAcceptsecrets(true);
  request.setSupportspartialvalues(true);
  const client = connect(monitor);
  const method = ResourceMonitorService.registerResource as MethodDefinition<RegisterRequest, RegisterResponse>;
  try {
    return await new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        (error, response) => {
          if (response === undefined) reject(error ?? new Error("no answer"));
          else resolve(response.getUrn());
        },
      );
    });
  } finally {
    client.close();
  }
}
