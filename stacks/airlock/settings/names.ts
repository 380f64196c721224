/** Name of the Deployment, the Service and the other objects, as the guide's commands have it. */
export const name = "mcp-airlock";

/** The label by which the guide's policies find the pods. */
export const selectorLabels = { "app.kubernetes.io/name": "airlock" };

/** Further labels of the objects. */
export const labels = { "app.kubernetes.io/part-of": name };

/** Ports that the application listens on. */
export const ports = { http: 8080, metrics: 9090 } as const;

/** Paths of the application's checks. Liveness asks for nothing outside the process. */
export const healthPaths = { live: "/health/live", ready: "/health/ready" } as const;

/** Directories in the application's container. */
export const directories = {
  config: "/etc/airlock",
  policy: "/etc/airlock-policy",
  spool: "/var/lib/airlock",
  sockets: "/run/mcp",
  databaseAuthority: "/etc/airlock-database",
} as const;

/** Variables by which the application finds its secrets; the config file names them. */
export const variables = { databaseUrl: "DATABASE_URL", clientSecret: "OIDC_CLIENT_SECRET" } as const;

/** Name of the application's user of the database. */
export const databaseUser = "airlock";
