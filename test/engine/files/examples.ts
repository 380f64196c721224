import type { KubernetesObject } from "../cluster/kubernetesApi.ts";

/** A file that a reader takes, and one that it refuses. */
export interface Example {
  good: KubernetesObject;
  broken: KubernetesObject;
  /** What it is refused with. */
  message: RegExp;
}

const metadata = { name: "files", namespace: "shop" };

function mounted(key: string, texts: { good: string; broken: string }, message: RegExp, labels = {}): Example {
  const configMap = (text: string) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { ...metadata, labels },
    data: { [key]: text },
  });
  return { good: configMap(texts.good), broken: configMap(texts.broken), message };
}

function ruled(good: string, broken: string, message: RegExp): Example {
  const rule = (expr: string) => ({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata,
    spec: { groups: [{ name: "shop", rules: [{ alert: "ShopDown", expr }] }] },
  });
  return { good: rule(good), broken: rule(broken), message };
}

function routed(snippet: string, good: string, broken: string, message: RegExp): Example {
  const ingress = (text: string) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { ...metadata, annotations: { [`nginx.ingress.kubernetes.io/${snippet}`]: text } },
  });
  return { good: ingress(good), broken: ingress(broken), message };
}

function given(good: string, broken: string, message: RegExp): Example {
  const pod = (value: string) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: { containers: [{ name: "shop", env: [{ name: "PUBLIC_KEY", value }] }] },
  });
  return { good: pod(good), broken: pod(broken), message };
}

function commanded(good: string, broken: string, message: RegExp): Example {
  const pod = (script: string) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: { containers: [{ name: "shop", command: ["/bin/sh", "-ec"], args: [script] }] },
  });
  return { good: pod(good), broken: pod(broken), message };
}

const proxy = (directive: string) => `events {}
http {
  upstream shop { server shop.shop.svc:8080; server shop-0.shop.shop.svc.cluster.local; }
  server {
    listen 8080;
    location / { ${directive} }
    location /pay { proxy_pass https://pay.example.com/shop; }
  }
}
`;

const balancer = (backend: string) => `defaults
  mode tcp
  timeout connect 2s
  timeout client 1m
  timeout server 1m
frontend shop
  bind "\${POD_IP}:8080"
  use_backend ${backend}
backend shop
  server shop "\${ADDRESS}:8080"
`;

const policy = (rule: string) => `package shop\n\nimport rego.v1\n\ndefault allow := false\n\n${rule}\n`;
const keySet = (x: string) => JSON.stringify({ keys: [{ kty: "OKP", crv: "Ed25519", kid: "1", x }] });
const panel = (expr: string) => JSON.stringify({ panels: [{ targets: [{ expr }] }] });
const publicKey = "MCowBQYDK2VwAyEAoe+vTuEZf8n7ikXawzULHDGGRC6D55dJhnz8Q5iM2LY=";
const armoured = (base64: string) => `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`;

/** For each program that is asked: that it is asked, and that its no is heard. */
export const examples: Record<string, Example[]> = {
  nginx: [
    mounted(
      "nginx.conf",
      { good: proxy("proxy_pass http://shop;"), broken: proxy("proxy_pass http://shop") },
      /^ConfigMap shop\/files nginx\.conf: nginx refuses it: .*unexpected "}" in nginx\.conf:6/,
    ),
    mounted(
      "nginx.conf",
      { good: proxy("proxy_pass http://shop;"), broken: proxy("proxy_passes http://shop;") },
      /^ConfigMap shop\/files nginx\.conf: nginx refuses it: .*unknown directive "proxy_passes" in nginx\.conf:6/,
    ),
  ],
  "ingress-nginx": [
    routed(
      "configuration-snippet",
      "add_header X-Shop 1;",
      "add_header X-Shop",
      /^Ingress shop\/files metadata\.annotations\.nginx\.ingress\.kubernetes\.io\/configuration-snippet: ingress-nginx refuses it: /,
    ),
    routed(
      "server-snippet",
      "large_client_header_buffers 4 16k;",
      "large_client_header_buffers many;",
      /^Ingress shop\/files metadata\.annotations\.nginx\.ingress\.kubernetes\.io\/server-snippet: ingress-nginx refuses it: /,
    ),
  ],
  haproxy: [
    mounted(
      "haproxy.cfg",
      { good: balancer("shop"), broken: balancer("shed") },
      /^ConfigMap shop\/files haproxy\.cfg: haproxy refuses it: .*unable to find required use_backend: 'shed'/s,
    ),
  ],
  "redis-server": [
    mounted(
      "redis.conf",
      { good: "maxmemory 1mb\nappendonly yes\n", broken: "maxmemory 1mb\nappendonly perhaps\n" },
      /^ConfigMap shop\/files redis\.conf: redis-server refuses it: .*'appendonly perhaps'/s,
    ),
  ],
  sh: [
    mounted(
      "start.sh",
      { good: '#!/bin/sh\necho "$1"\n', broken: "#!/bin/sh\nif true; then\n" },
      /^ConfigMap shop\/files start\.sh: sh refuses it: .*start\.sh: 3: Syntax error: end of file unexpected/,
    ),
    mounted(
      "start.sh",
      { good: '#!/bin/sh\nexec "$@"\n', broken: "#!/bin/sh\nset -o pipefail\n" },
      /^ConfigMap shop\/files start\.sh: sh refuses it: start\.sh:2:8: warning: In POSIX sh, set option pipefail is undefined/,
    ),
    commanded(
      'echo "$HOME"',
      "if true",
      /^Pod shop\/files spec\.containers\.0\.command: sh refuses it: .*Syntax error/,
    ),
  ],
  awk: [
    mounted(
      "sum.awk",
      { good: "{ sum += $1 }\nEND { print sum }\n", broken: "{ sum += $1\n" },
      /^ConfigMap shop\/files sum\.awk: awk refuses it: /,
    ),
  ],
  opa: [
    mounted(
      "shop.rego",
      { good: policy("allow if input.paid"), broken: policy("allow if inputs.paid") },
      /^ConfigMap shop\/files shop\.rego: opa refuses it: .*rego_unsafe_var_error/s,
    ),
  ],
  promtool: [
    ruled(
      'up{job="shop"} == 0',
      'up{job="shop"} = 0',
      /^PrometheusRule shop\/files rules\.yaml: promtool refuses it: .*could not parse expression/s,
    ),
  ],
  Grafana: [
    mounted(
      "shop.json",
      { good: panel("sum(rate(orders_total[$__rate_interval]))"), broken: panel("sum(rate(orders_total[$__rate])") },
      /^ConfigMap shop\/files shop\.json: Grafana refuses it: .*could not parse expression/s,
      { grafana_dashboard: "1" },
    ),
    mounted(
      "shop.json",
      { good: panel("up"), broken: panel("up").slice(1) },
      /^ConfigMap shop\/files shop\.json: Grafana refuses it: SyntaxError/,
      { grafana_dashboard: "1" },
    ),
  ],
  "a reader of key sets": [
    mounted(
      "jwks.json",
      {
        good: keySet("oe-vTuEZf8n7ikXawzULHDGGRC6D55dJhnz8Q5iM2LY"),
        broken: keySet("oe-vTuEZf8n7ikXawzULHDGGRC6D55dJ"),
      },
      /^ConfigMap shop\/files jwks\.json: a reader of key sets refuses it: .*Invalid JWK/,
    ),
  ],
  "a reader of JSON": [
    mounted(
      "shop.json",
      { good: '{ "open": true }', broken: '{ "open": true' },
      /^ConfigMap shop\/files shop\.json: a reader of JSON refuses it: SyntaxError/,
    ),
  ],
  "a reader of YAML": [
    mounted(
      "shop.yaml",
      { good: "open: true\n", broken: "open: true\nopen: [\n" },
      /^ConfigMap shop\/files shop\.yaml: a reader of YAML refuses it: YAMLParseError/,
    ),
  ],
  "a reader of keys and certificates": [
    given(
      armoured(publicKey),
      armoured(publicKey.slice(4)),
      /^Pod shop\/files spec\.containers\.0\.env\.0\.value: a reader of keys and certificates refuses it: Error/,
    ),
  ],
};
