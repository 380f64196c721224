import { expect, test } from "vitest";
import { environmentOutside } from "./environment.ts";

test("a program outside the workspace keeps the user's network settings", () => {
  const settings = {
    HOME: "/home/user",
    HTTPS_PROXY: "http://proxy.example:3128",
    NODE_EXTRA_CA_CERTS: "/etc/ssl/company.pem",
    NODE_OPTIONS: "--use-openssl-ca",
    NODE_TLS_REJECT_UNAUTHORIZED: "1",
    NODE_USE_SYSTEM_CA: "1",
    NO_PROXY: "localhost",
    SSL_CERT_DIR: "/etc/ssl/certs",
    SSL_CERT_FILE: "/etc/ssl/company.pem",
    https_proxy: "http://proxy.example:3128",
    npm_config_cache: "/home/user/.npm",
    npm_config_cafile: "/etc/ssl/company.pem",
    npm_config_https_proxy: "http://proxy.example:3128",
    NPM_CONFIG_REGISTRY: "https://mirror.example/npm/",
    npm_config_registry: "https://mirror.example/npm/",
    npm_config_userconfig: "/home/user/.npmrc",
  };
  expect(environmentOutside(settings)).toEqual(settings);
});

test("it hears nothing of the workspace, its npm script and its test run", () => {
  const own = {
    INIT_CWD: "/workspace",
    NODE_CHANNEL_FD: "3",
    NODE_CHANNEL_SERIALIZATION_MODE: "advanced",
    NODE_ENV: "test",
    NODE_PATH: "/workspace/node_modules",
    NODE_UNIQUE_ID: "1",
    VITEST: "true",
    VITEST_POOL_ID: "1",
    npm_command: "run-script",
    npm_config_local_prefix: "/workspace",
    npm_config_prefer_offline: "true",
    npm_config_workspace: "core",
    npm_execpath: "/usr/lib/node_modules/npm/bin/npm-cli.js",
    npm_lifecycle_event: "test",
    npm_node_execpath: "/usr/bin/node",
    npm_package_name: "gatehouse-workspace",
  };
  expect(environmentOutside({ ...own, PATH: "/usr/bin" })).toEqual({ PATH: "/usr/bin" });
});
