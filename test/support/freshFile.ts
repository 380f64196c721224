import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";

// Files of tests share a process. Each starts without the mocks and the environment of the file before it.
pulumi.runtime.resetOptions("project", "stack", -1, "", "", false, "");
vi.unstubAllEnvs();
vi.restoreAllMocks();
