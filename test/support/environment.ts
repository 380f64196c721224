/** Variables that npm, vitest and Node set for this process and its children alone. */
const ownNames = [
  /^npm_(package|lifecycle)_/i,
  /^npm_(command|execpath|node_execpath)$/i,
  // Where npm found this workspace, and what was asked of it there.
  /^npm_config_(local_prefix|workspace|workspaces|include_workspace_root|prefer_offline)$/i,
  /^(INIT_CWD|NODE_CHANNEL_FD|NODE_CHANNEL_SERIALIZATION_MODE|NODE_UNIQUE_ID|NODE_ENV|NODE_PATH)$/,
  /^VITEST/,
];

/**
 * The environment of a program outside this workspace. Drops what npm and vitest tell their own children, and keeps
 * everything that the user has set: proxies, certificates, npm's registry and cache.
 */
export function environmentOutside(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ownNames.some((own) => own.test(name))));
}
