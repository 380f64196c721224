/** The least that such a program can take: the SDK's own mocks, in one process, with nothing recorded. */
import * as pulumi from "@pulumi/pulumi";

void pulumi.runtime
  .setMocks(
    {
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as Record<string, unknown> }),
      call: ({ inputs }) => inputs as Record<string, unknown>,
    },
    "bench",
    "bench",
    true,
  )
  .then(() => import("./program/index.ts"));
