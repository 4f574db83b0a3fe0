/*
 * Copyright 2026 The Istio for Backstage Authors
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

import { defaultClient, type Client } from '../../membership';
import { mesh } from '../../testing';
import { wayOfRequest, type RequestWay, type WayRequest } from '.';

const MESHED = defaultClient('shop');
const UNMESHED: Client = { ...MESHED, proxy: 'none' };
const AMBIENT: Client = { ...MESHED, proxy: 'ambient' };

const CONTAINERS = {
  sidecar:
    'containers: [{name: app, image: i, ports: [{containerPort: 8080}]}, {name: istio-proxy, image: "istio/proxyv2:1.27.1"}]',
  ambient:
    'containers: [{name: app, image: i, ports: [{containerPort: 8080}]}]',
  none: 'containers: [{name: app, image: i, ports: [{containerPort: 8080}]}]',
};
type Proxy = keyof typeof CONTAINERS;

const META: Readonly<Record<Proxy, string>> = {
  sidecar: 'security.istio.io/tlsMode: istio',
  ambient: 'x: y',
  none: 'x: y',
};

function pod(
  name: string,
  app: string,
  version: string,
  proxy: Proxy,
  { namespace = 'shop', ready = true } = {},
) {
  return `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: ${namespace}
  labels: {app: ${app}, version: ${version}, ${META[proxy]}}
  annotations: {${
    proxy === 'ambient' ? 'ambient.istio.io/redirection: enabled' : ''
  }}
spec: {serviceAccountName: ${app}, ${CONTAINERS[proxy]}}
status: {phase: Running, conditions: [{type: Ready, status: "${
    ready ? 'True' : 'False'
  }"}]}
---`;
}

function service(
  name: string,
  { namespace = 'shop', port = 'name: http, port: 80', labels = '' } = {},
) {
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}, labels: {${labels}}}
spec: {clusterIP: 10.0.0.1, selector: {app: ${name}}, ports: [{${port}, targetPort: 8080}]}
---`;
}

function istio(
  kind: string,
  name: string,
  spec: string,
  { namespace = 'shop', group = 'networking.istio.io/v1' } = {},
) {
  return `
apiVersion: ${group}
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
---`;
}

function policy(kind: string, name: string, spec: string, namespace = 'shop') {
  return istio(kind, name, spec, {
    namespace,
    group: 'security.istio.io/v1',
  });
}

const REVIEWS = `${service('reviews')}${pod(
  'reviews-v1',
  'reviews',
  'v1',
  'sidecar',
)}${pod('reviews-v2', 'reviews', 'v2', 'sidecar')}`;

function way(
  yaml: string,
  request: Partial<WayRequest> = {},
  client: Client = MESHED,
): RequestWay {
  return wayOfRequest(mesh`${yaml}`, client, {
    host: 'reviews',
    port: 80,
    ...request,
  });
}

const stages = ({ steps }: Pick<RequestWay, 'steps'>) =>
  steps.map(({ stage, state }) => `${stage} ${state}`);

const ends = ({ ends: all }: RequestWay) =>
  all.map(({ share, outcome }) => [
    Math.round(share),
    outcome.ending,
    outcome.code,
    outcome.flag,
  ]);

describe('a request from sidecar to sidecar', () => {
  it('passes every step in order and arrives encrypted', () => {
    const found = way(REVIEWS);
    expect(stages(found)).toEqual([
      'scope pass',
      'listener pass',
      'virtual-host pass',
      'rule pass',
      'timeout pass',
      'retries pass',
      'destination pass',
      'traffic-policy not-applicable',
      'endpoints pass',
      'client-tls pass',
      'server-mode pass',
      'authorization pass',
      'delivery pass',
    ]);
    expect(found.outcome).toMatchObject({
      ending: 'delivered',
      encrypted: true,
    });
    expect(found.ending).toBe('delivered');
  });

  it('names what it assumed about the request', () => {
    expect(way(REVIEWS).assumed).toEqual([
      'The request is HTTP',
      'No JSON Web Token is sent',
      'The path is /',
      'The method is GET',
      'No headers are sent',
    ]);
    expect(
      way(REVIEWS, {
        protocol: 'http',
        path: '/a',
        method: 'POST',
        headers: {},
        token: 'none',
      }).assumed,
    ).toEqual([]);
  });

  it('says whence retries and timeout come', () => {
    const found = way(
      `${REVIEWS}${istio(
        'VirtualService',
        'reviews',
        '{hosts: [reviews], http: [{timeout: 2s, route: [{destination: {host: reviews}}]}]}',
      )}`,
    );
    const step = (stage: string) =>
      found.steps.find(item => item.stage === stage);
    expect(step('timeout')).toMatchObject({
      says: 'Timeout 2s',
      facts: [{ path: 'spec.http[0].timeout', object: { name: 'reviews' } }],
    });
    expect(step('retries')?.says).toContain('Default of Istio');
    expect(step('rule')?.says).toBe(
      'Rule 1 of VirtualService shop/reviews takes it: every request',
    );
  });
});

describe('a split', () => {
  const SPLIT = istio(
    'VirtualService',
    'reviews',
    '{hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}, weight: 90}, {destination: {host: reviews, subset: v2}, weight: 10}]}]}',
  );
  const subsets = (names: string) =>
    istio('DestinationRule', 'reviews', `{host: reviews, subsets: [${names}]}`);
  const V1 = '{name: v1, labels: {version: v1}}';

  it('is a tree whose branches go on by themselves, with the share of each', () => {
    const found = way(`${REVIEWS}${SPLIT}${subsets(V1)}`);
    expect(found.branches.map(branch => [branch.share, branch.fork])).toEqual([
      [90, 'weight'],
      [10, 'weight'],
    ]);
    expect(ends(found)).toEqual([
      [90, 'delivered', undefined, undefined],
      [10, 'failed', 503, 'NC'],
    ]);
    expect(found.ending).toBe('mixed');
    expect(found.says).toContain('90 %: The application gets the request');
  });

  it('ends with 503 UH where a subset selects no ready pod', () => {
    const found = way(
      `${REVIEWS}${SPLIT}${subsets(
        `${V1}, {name: v2, labels: {version: v9}}`,
      )}`,
    );
    expect(ends(found)[1]).toEqual([10, 'failed', 503, 'UH']);
  });
});

describe('what a rule does itself', () => {
  const rule = (body: string) =>
    `${REVIEWS}${istio(
      'VirtualService',
      'reviews',
      `{hosts: [reviews], http: [${body}]}`,
    )}`;
  const TO = 'route: [{destination: {host: reviews}}]';

  it('answers 404 NR when the host has rules and none matches', () => {
    const found = way(rule(`{match: [{uri: {prefix: /api}}], ${TO}}`), {
      path: '/other',
    });
    expect(ends(found)).toEqual([[100, 'failed', 404, 'NR']]);
    expect(found.steps.at(-1)).toMatchObject({
      stage: 'rule',
      state: 'fail',
      facts: [{ object: { name: 'reviews' } }],
    });
  });

  it('splits off the share that an injected fault aborts', () => {
    expect(
      ends(
        way(
          rule(
            `{fault: {abort: {httpStatus: 418, percentage: {value: 25}}}, ${TO}}`,
          ),
        ),
      ),
    ).toEqual([
      [25, 'answered', 418, 'FI'],
      [75, 'delivered', undefined, undefined],
    ]);
  });

  it('ends with the redirect and its code', () => {
    expect(
      ends(way(rule('{redirect: {uri: /new, redirectCode: 308}}'))),
    ).toEqual([[100, 'answered', 308, undefined]]);
  });

  it('ends with the direct response', () => {
    expect(ends(way(rule('{directResponse: {status: 503}}')))).toEqual([
      [100, 'answered', 503, undefined],
    ]);
  });

  it('lets the server judge the path as it was rewritten', () => {
    const yaml = `${rule(
      `{match: [{uri: {prefix: /api}}], rewrite: {uri: /internal}, ${TO}}`,
    )}${policy(
      'AuthorizationPolicy',
      'no-internal',
      '{action: DENY, rules: [{to: [{operation: {paths: ["/internal/*"]}}]}]}',
    )}`;
    const found = way(yaml, { path: '/api/x' });
    expect(ends(found)).toEqual([[100, 'denied', 403, undefined]]);
    expect(found.outcome?.details).toBe(
      'rbac_access_denied_matched_policy[ns[shop]-policy[no-internal]-rule[0]]',
    );
  });

  it('lets the server judge the headers as a rule set them', () => {
    const allow = policy(
      'AuthorizationPolicy',
      'tenants',
      '{rules: [{when: [{key: "request.headers[x-tenant]", values: [a]}]}]}',
    );
    const headers = (value: string) =>
      `{headers: {request: {set: {x-tenant: "${value}"}}}, ${TO}}`;
    expect(way(`${rule(headers('a'))}${allow}`).ending).toBe('delivered');
    expect(way(`${rule(headers('b'))}${allow}`).ending).toBe('denied');
    // A value that Envoy computes is not known before the request passes.
    expect(way(`${rule(headers('%REQ(y)%'))}${allow}`).ending).toBe('unknown');
  });

  it('copies requests to a mirror without any bearing on the answer', () => {
    const found = way(rule(`{mirror: {host: nowhere}, ${TO}}`));
    expect(found.ending).toBe('delivered');
    expect(found.steps.find(({ stage }) => stage === 'mirror')?.says).toContain(
      'nowhere',
    );
  });
});

describe('TLS that does not fit', () => {
  const STRICT = policy(
    'PeerAuthentication',
    'default',
    '{mtls: {mode: STRICT}}',
  );
  const tls = (mode: string) =>
    istio(
      'DestinationRule',
      'reviews',
      `{host: reviews, trafficPolicy: {tls: {mode: ${mode}}}}`,
    );

  it('ends with 503 UC when plaintext meets STRICT', () => {
    const found = way(`${REVIEWS}${STRICT}${tls('DISABLE')}`);
    expect(ends(found)).toEqual([[100, 'failed', 503, 'UC']]);
    expect(found.steps.at(-1)).toMatchObject({
      stage: 'server-mode',
      state: 'fail',
    });
  });

  it('ends with 503 UF when TLS of its own meets STRICT', () => {
    expect(ends(way(`${REVIEWS}${STRICT}${tls('SIMPLE')}`))).toEqual([
      [100, 'failed', 503, 'UF'],
    ]);
  });

  it('is unknown where TLS of its own reaches an application of which nothing says that it speaks TLS', () => {
    const sent = (port: string, request: Partial<WayRequest> = {}) =>
      way(
        `${service('reviews', { port })}${pod(
          'a',
          'reviews',
          'v1',
          'none',
        )}${tls('SIMPLE')}`,
        request,
      );
    expect(sent('name: http, port: 80').ending).toBe('unknown');
    expect(sent('name: https, port: 80', { tls: false }).ending).toBe(
      'delivered',
    );
    // The caller's application speaks TLS itself: that would be TLS within TLS.
    expect(sent('name: https, port: 80').ending).toBe('unknown');
  });

  it('has no code for a caller without a proxy: its connection is closed', () => {
    expect(ends(way(`${REVIEWS}${STRICT}`, {}, UNMESHED))).toEqual([
      [100, 'failed', undefined, undefined],
    ]);
  });

  it('arrives unencrypted from a caller without a proxy where the server permits it', () => {
    expect(way(REVIEWS, {}, UNMESHED).outcome).toMatchObject({
      ending: 'delivered',
      encrypted: false,
    });
  });

  it('branches where endpoints differ', () => {
    const found = way(
      `${service('reviews')}${pod('a', 'reviews', 'v1', 'sidecar')}${pod(
        'b',
        'reviews',
        'v2',
        'none',
      )}${istio(
        'DestinationRule',
        'reviews',
        '{host: reviews, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}',
      )}`,
    );
    expect(ends(found)).toEqual([
      [50, 'delivered', undefined, undefined],
      [50, 'failed', 503, 'UF'],
    ]);
    expect(found.branches.map(({ fork }) => fork)).toEqual([
      'endpoint',
      'endpoint',
    ]);
  });
});

describe('connections that pass by a sidecar', () => {
  const past = (name: string, annotation: string) =>
    pod(name, name, 'v1', 'sidecar').replace(
      'annotations: {}',
      `annotations: {traffic.sidecar.istio.io/${annotation}}`,
    );
  const NOBODY = policy('AuthorizationPolicy', 'nobody', '{}');
  const STRICT = policy(
    'PeerAuthentication',
    'default',
    '{mtls: {mode: STRICT}}',
  );
  const server = `${service('reviews')}${past(
    'reviews',
    'excludeInboundPorts: "8080"',
  )}`;

  it('meet no policy and no STRICT at the server, and mutual TLS is not understood there', () => {
    expect(way(`${server}${NOBODY}${STRICT}`, {}, UNMESHED).outcome).toEqual(
      expect.objectContaining({ ending: 'delivered', encrypted: false }),
    );
    expect(ends(way(`${server}${STRICT}`))).toEqual([
      [100, 'failed', 503, 'UF'],
    ]);
  });

  it('are sent as plaintext where the policy of the port says DISABLE', () => {
    const disabled = policy(
      'PeerAuthentication',
      'reviews',
      '{selector: {matchLabels: {app: reviews}}, portLevelMtls: {8080: {mode: DISABLE}}}',
    );
    expect(way(`${server}${disabled}`).outcome).toEqual(
      expect.objectContaining({ ending: 'delivered', encrypted: false }),
    );
  });

  it('have no routes of the client', () => {
    const yaml = (annotation: string) =>
      `${REVIEWS}${past('caller', annotation)}${istio(
        'VirtualService',
        'reviews',
        '{hosts: [reviews], http: [{directResponse: {status: 418}}]}',
      )}`;
    const caller: Client = {
      ...MESHED,
      workload: { group: '', kind: 'Pod', namespace: 'shop', name: 'caller' },
    };
    expect(way(yaml('excludeOutboundPorts: "80"'), {}, caller).ending).toBe(
      'delivered',
    );
    expect(way(yaml('excludeOutboundPorts: "81"'), {}, caller).ending).toBe(
      'answered',
    );
  });
});

describe('a destination that the client does not know', () => {
  const HIDDEN = `${REVIEWS}${istio(
    'Sidecar',
    'default',
    '{egress: [{hosts: ["istio-system/*"]}]}',
  )}`;

  it('gets plaintext past the mesh, which STRICT refuses', () => {
    const found = way(HIDDEN);
    expect(stages(found).slice(0, 2)).toEqual([
      'scope not-applicable',
      'listener pass',
    ]);
    expect(found.outcome).toMatchObject({
      ending: 'delivered',
      encrypted: false,
    });
    expect(
      way(
        `${HIDDEN}${policy(
          'PeerAuthentication',
          'default',
          '{mtls: {mode: STRICT}}',
        )}`,
      ).ending,
    ).toBe('failed');
  });

  it('is refused with 502 on an HTTP port under REGISTRY_ONLY', () => {
    const yaml = `${REVIEWS}${service('shown')}${istio(
      'Sidecar',
      'default',
      '{outboundTrafficPolicy: {mode: REGISTRY_ONLY}, egress: [{hosts: ["shop/shown.shop.svc.cluster.local"]}]}',
    )}`;
    expect(ends(way(yaml))).toEqual([[100, 'failed', 502, undefined]]);
    expect(ends(way(yaml, { port: 9999 }))).toEqual([
      [100, 'failed', undefined, 'UH'],
    ]);
  });

  it('leaves the mesh when it is a name of the world outside, and fails when no such Service exists', () => {
    expect(way(REVIEWS, { host: 'example.com' }).ending).toBe('outside');
    expect(way(REVIEWS, { host: 'nowhere' }).ending).toBe('failed');
  });

  it('fails on a port that the service does not have', () => {
    expect(ends(way(REVIEWS, { port: 81 }))).toEqual([
      [100, 'failed', 503, 'UF'],
    ]);
  });
});

describe('endpoints', () => {
  it('ends with 503 UH when no pod is ready', () => {
    expect(
      ends(
        way(
          `${service('reviews')}${pod('a', 'reviews', 'v1', 'sidecar', {
            ready: false,
          })}`,
        ),
      ),
    ).toEqual([[100, 'failed', 503, 'UH']]);
  });
});

describe('endpoints that are not ready', () => {
  it('are used where the Service publishes them all the same', () => {
    const yaml = `${service('reviews').replace(
      'spec: {',
      'spec: {publishNotReadyAddresses: true, ',
    )}${pod('a', 'reviews', 'v1', 'sidecar', { ready: false })}`;
    expect(way(yaml).ending).toBe('delivered');
  });
});

describe('the server’s own sidecar', () => {
  it('R6.12: limits what it lets in as the DestinationRule of the service says', () => {
    const found = way(
      `${REVIEWS}${istio(
        'DestinationRule',
        'reviews',
        '{host: reviews, trafficPolicy: {connectionPool: {http: {http2MaxRequests: 5}}}}',
      )}`,
    );
    expect(
      found.steps.find(({ stage }) => stage === 'server-limits')?.facts,
    ).toMatchObject([
      {
        object: { kind: 'DestinationRule', name: 'reviews' },
        path: 'spec.trafficPolicy.connectionPool',
      },
    ]);
  });

  it('R8.11: reads a port as Sidecar.ingress declares it, whatever the Service says', () => {
    const yaml = (protocol: string) =>
      `${REVIEWS}${istio(
        'Sidecar',
        'reviews',
        `{workloadSelector: {labels: {app: reviews}}, ingress: [{port: {number: 8080, protocol: ${protocol}, name: p}, defaultEndpoint: "127.0.0.1:8080"}], egress: [{hosts: ["*/*"]}]}`,
      )}${policy(
        'AuthorizationPolicy',
        'gets',
        '{rules: [{to: [{operation: {methods: [GET]}}]}]}',
      )}`;
    expect(way(yaml('HTTP')).ending).toBe('delivered');
    // A rule about methods never holds for bytes.
    expect(way(yaml('TCP')).ending).toBe('denied');
  });
});

describe('authorization', () => {
  it('is unknown, never a pass, when it depends on what the request does not say', () => {
    const found = way(
      `${REVIEWS}${policy(
        'AuthorizationPolicy',
        'office',
        '{rules: [{from: [{source: {ipBlocks: ["10.0.0.0/8"]}}]}]}',
      )}`,
    );
    expect(found.ending).toBe('unknown');
    expect(found.steps.at(-1)).toMatchObject({
      stage: 'authorization',
      state: 'unknown',
    });
  });

  it('sees the identity of the caller only over mutual TLS', () => {
    const yaml = `${REVIEWS}${policy(
      'AuthorizationPolicy',
      'callers',
      '{rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/default"]}}]}]}',
    )}`;
    expect(way(yaml).ending).toBe('delivered');
    expect(ends(way(yaml, {}, UNMESHED))).toEqual([
      [100, 'denied', 403, undefined],
    ]);
  });
});

describe('a connection that is not HTTP', () => {
  it('is routed as bytes and reset by a policy', () => {
    const yaml = `${service('reviews', { port: 'name: tcp, port: 80' })}${pod(
      'a',
      'reviews',
      'v1',
      'sidecar',
    )}`;
    const found = way(yaml);
    expect(found.assumed).toContain(
      'The port is declared as TCP: the request is taken for bytes',
    );
    expect(stages(found)).not.toContain('retries pass');
    expect(found.ending).toBe('delivered');
    const denied = way(
      `${yaml}${policy('AuthorizationPolicy', 'nobody', '{}')}`,
    );
    expect(denied.outcome).toMatchObject({ ending: 'denied' });
    expect(denied.outcome?.code).toBeUndefined();
  });
});

describe('confidence', () => {
  it('is less than full where an EnvoyFilter patches the caller’s or the server’s proxy', () => {
    const filter = (namespace: string) =>
      istio(
        'EnvoyFilter',
        'patch',
        '{configPatches: [{applyTo: HTTP_ROUTE, patch: {operation: MERGE, value: {}}}]}',
        { namespace, group: 'networking.istio.io/v1alpha3' },
      );
    const { level, reasons } = way(`${REVIEWS}${filter('shop')}`).confidence;
    expect(level).toBe('advisory');
    expect(reasons[0].says).toContain('EnvoyFilter shop/patch');
    expect(way(`${REVIEWS}${filter('other')}`).confidence.level).not.toBe(
      'advisory',
    );
  });
});

const WAYPOINT = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: shop, labels: {istio.io/waypoint-for: service}}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
status: {addresses: [{type: IPAddress, value: 10.0.0.9}]}
---
apiVersion: v1
kind: Pod
metadata: {name: wp-1, namespace: shop, labels: {gateway.networking.k8s.io/gateway-name: wp, gateway.istio.io/managed: istio.io-mesh-controller}}
spec: {serviceAccountName: wp, containers: [{name: istio-proxy, image: p}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---`;
const THROUGH_WAYPOINT = `${WAYPOINT}${service('reviews', {
  labels: 'istio.io/use-waypoint: wp',
})}${pod('reviews-v1', 'reviews', 'v1', 'ambient')}${pod(
  'reviews-v2',
  'reviews',
  'v2',
  'ambient',
)}`;

describe('R5.13: a request of an ambient client through a waypoint', () => {
  const ROUTE = istio(
    'VirtualService',
    'reviews',
    '{hosts: [reviews], http: [{match: [{uri: {prefix: /v2}}], route: [{destination: {host: reviews, subset: v2}}]}, {route: [{destination: {host: reviews, subset: v1}}]}]}',
  );
  const RULE = istio(
    'DestinationRule',
    'reviews',
    '{host: reviews, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}',
  );

  it('is routed there, and goes on as the waypoint', () => {
    const found = way(
      `${THROUGH_WAYPOINT}${ROUTE}${RULE}`,
      { path: '/v2/x' },
      AMBIENT,
    );
    expect(found.ending).toBe('delivered');
    expect(
      found.steps
        .filter(({ at }) => at?.name === 'wp')
        .map(({ stage }) => stage),
    ).toEqual([
      'authorization',
      'virtual-host',
      'rule',
      'timeout',
      'retries',
      'destination',
      'traffic-policy',
      'endpoints',
      'client-tls',
    ]);
    expect(found.steps.find(({ stage }) => stage === 'destination')?.says).toBe(
      'Sent to reviews.shop.svc.cluster.local:80 subset v2',
    );
    expect(found.outcome?.encrypted).toBe(true);
  });

  it('takes no routes of the caller’s namespace', () => {
    const foreign = istio(
      'VirtualService',
      'reviews',
      '{hosts: [reviews.shop.svc.cluster.local], http: [{directResponse: {status: 418}}]}',
      { namespace: 'web' },
    );
    const client: Client = { ...AMBIENT, namespace: 'web' };
    const request = { host: 'reviews.shop' };
    expect(way(`${THROUGH_WAYPOINT}${foreign}`, request, client).ending).toBe(
      'delivered',
    );
  });

  it('leaves out matches on the labels of the caller', () => {
    const labelled = istio(
      'VirtualService',
      'reviews',
      '{hosts: [reviews], http: [{match: [{sourceLabels: {app: a}}], directResponse: {status: 418}}, {route: [{destination: {host: reviews}}]}]}',
    );
    expect(
      way(
        `${THROUGH_WAYPOINT}${labelled}`,
        {},
        {
          ...AMBIENT,
          labels: { app: 'a' },
        },
      ).ending,
    ).toBe('delivered');
  });

  it('is judged by the waypoint with the caller’s identity, and by the pod with the waypoint’s', () => {
    const atWaypoint = policy(
      'AuthorizationPolicy',
      'at-waypoint',
      '{targetRefs: [{kind: Service, group: "", name: reviews}], action: DENY, rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/default"]}}]}]}',
    );
    const found = way(`${THROUGH_WAYPOINT}${atWaypoint}`, {}, AMBIENT);
    expect(found.outcome).toMatchObject({
      ending: 'denied',
      code: 403,
      at: { name: 'wp' },
    });
    const atPod = policy(
      'AuthorizationPolicy',
      'at-pod',
      '{selector: {matchLabels: {app: reviews}}, rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/wp"]}}]}]}',
    );
    expect(way(`${THROUGH_WAYPOINT}${atPod}`, {}, AMBIENT).ending).toBe(
      'delivered',
    );
  });

  it('goes past it from a sidecar, which says so', () => {
    const found = way(THROUGH_WAYPOINT);
    expect(found.steps.find(({ stage }) => stage === 'waypoint')).toMatchObject(
      {
        state: 'not-applicable',
        says: expect.stringContaining('goes past it'),
      },
    );
    expect(found.ending).toBe('delivered');
  });
});

describe('a request that arrives at a gateway', () => {
  const GATEWAY = `
apiVersion: v1
kind: Pod
metadata: {name: gw-1, namespace: istio-system, labels: {istio: ingressgateway}}
spec: {serviceAccountName: gw, containers: [{name: istio-proxy, image: p}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: v1
kind: Service
metadata: {name: istio-ingressgateway, namespace: istio-system}
spec: {clusterIP: 10.0.0.8, selector: {istio: ingressgateway}, ports: [{name: http2, port: 80, targetPort: 8080}]}
---${istio(
    'Gateway',
    'gw',
    '{selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["shop.example.com"]}]}',
  )}`;
  const ROUTE = istio(
    'VirtualService',
    'edge',
    '{hosts: [shop.example.com], gateways: [gw], http: [{match: [{uri: {prefix: /reviews}}], route: [{destination: {host: reviews}}]}]}',
  );
  const EDGE: Client = {
    namespace: 'istio-system',
    labels: { istio: 'ingressgateway' },
    serviceAccount: 'gw',
    proxy: 'gateway',
  };
  const at = (yaml: string, request: Partial<WayRequest> = {}) =>
    way(
      `${REVIEWS}${GATEWAY}${yaml}`,
      { host: 'shop.example.com', path: '/reviews/1', ...request },
      EDGE,
    );

  it('passes listener, policies, virtual host and rule, and is sent on with mutual TLS', () => {
    const found = at(ROUTE);
    expect(stages(found).slice(0, 4)).toEqual([
      'listener pass',
      'authorization pass',
      'virtual-host pass',
      'rule pass',
    ]);
    expect(found.ending).toBe('delivered');
    // It arrived at the gateway in plaintext.
    expect(found.outcome?.encrypted).toBe(false);
  });

  it('gets 404 for a host or a path without a route', () => {
    expect(ends(at(ROUTE, { host: 'other.example.com' }))).toEqual([
      [100, 'failed', 404, 'NR'],
    ]);
    expect(ends(at(ROUTE, { path: '/' }))).toEqual([
      [100, 'failed', 404, 'NR'],
    ]);
    expect(ends(at(''))).toEqual([[100, 'failed', 404, 'NR']]);
  });

  it('is refused on a port that nothing listens on', () => {
    expect(ends(at(ROUTE, { port: 81 }))).toEqual([
      [100, 'failed', undefined, undefined],
    ]);
  });

  it('is denied by a policy of the gateway', () => {
    expect(
      at(
        `${ROUTE}${policy(
          'AuthorizationPolicy',
          'edge',
          '{selector: {matchLabels: {istio: ingressgateway}}, action: DENY, rules: [{to: [{operation: {paths: ["/reviews*"]}}]}]}',
          'istio-system',
        )}`,
      ).outcome,
    ).toMatchObject({ ending: 'denied', code: 403, at: { name: 'gw' } });
  });

  it('goes through the waypoint of the service only when the service asks for it', () => {
    const edge = `${GATEWAY}${ROUTE}`;
    const asked = (label: string) =>
      way(
        `${edge}${THROUGH_WAYPOINT.replace(
          'istio.io/use-waypoint: wp',
          `istio.io/use-waypoint: wp${label}`,
        )}`,
        { host: 'shop.example.com', path: '/reviews/1' },
        EDGE,
      ).steps.find(({ stage }) => stage === 'waypoint')?.state;
    expect(asked('')).toBe('not-applicable');
    expect(asked(', istio.io/ingress-use-waypoint: "true"')).toBe('pass');
  });
});

describe('a request that arrives at a gateway of Gateway API', () => {
  const GATEWAY = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: istio}
spec: {controllerName: istio.io/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP, hostname: shop.example.com}]}
status: {addresses: [{type: IPAddress, value: 10.0.0.9}]}
---
apiVersion: v1
kind: Service
metadata: {name: edge-istio, namespace: shop}
spec: {clusterIP: 10.0.0.7, selector: {gateway.networking.k8s.io/gateway-name: edge}, ports: [{name: http, port: 80, targetPort: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: edge-1, namespace: shop, labels: {gateway.networking.k8s.io/gateway-name: edge}}
spec: {serviceAccountName: edge-istio, containers: [{name: istio-proxy, image: p, ports: [{containerPort: 80}]}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---`;
  const route = (rules: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: edge, namespace: shop}
spec: {parentRefs: [{name: edge}], hostnames: [shop.example.com], rules: ${rules}}
---`;
  const EDGE: Client = {
    namespace: 'shop',
    labels: {},
    serviceAccount: 'edge-istio',
    proxy: 'gateway',
    gateway: { kind: 'K8sGateway', namespace: 'shop', name: 'edge' },
  };
  const at = (yaml: string, path: string) =>
    way(
      `${REVIEWS}${GATEWAY}${yaml}`,
      { host: 'shop.example.com', path },
      EDGE,
    );

  it('is routed by segments of its path, and the prefix is replaced as a whole', () => {
    const yaml = `${route(
      '[{matches: [{path: {type: PathPrefix, value: /api}}], filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}], backendRefs: [{name: reviews, port: 80}]}]',
    )}${policy(
      'AuthorizationPolicy',
      'one-path',
      '{selector: {matchLabels: {app: reviews}}, rules: [{to: [{operation: {paths: [/x]}}]}]}',
    )}`;
    expect(at(yaml, '/api/x').ending).toBe('delivered');
    expect(ends(at(yaml, '/apix'))).toEqual([[100, 'failed', 404, 'NR']]);
  });

  it('gets 500 from a backend that does not exist', () => {
    expect(
      ends(at(route('[{backendRefs: [{name: nowhere, port: 80}]}]'), '/')),
    ).toEqual([[100, 'failed', 500, undefined]]);
  });
});

describe('a request that leaves through an egress gateway', () => {
  const EGRESS = `
apiVersion: v1
kind: Pod
metadata: {name: egress-1, namespace: istio-system, labels: {istio: egressgateway, security.istio.io/tlsMode: istio}}
spec: {serviceAccountName: egress, containers: [{name: istio-proxy, image: p, ports: [{containerPort: 8080}]}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: v1
kind: Service
metadata: {name: egress, namespace: istio-system}
spec: {clusterIP: 10.0.0.6, selector: {istio: egressgateway}, ports: [{name: http2, port: 80, targetPort: 8080}]}
---${istio(
    'ServiceEntry',
    'api',
    '{hosts: [api.example.com], resolution: DNS, location: MESH_EXTERNAL, ports: [{number: 80, name: http, protocol: HTTP}, {number: 443, name: https, protocol: HTTPS}]}',
  )}${istio(
    'VirtualService',
    'api',
    '{hosts: [api.example.com], gateways: [mesh, egress], http: [{match: [{gateways: [mesh], port: 80}], route: [{destination: {host: egress.istio-system.svc.cluster.local, port: {number: 80}}}]}, {match: [{gateways: [egress], port: 80}], route: [{destination: {host: api.example.com, port: {number: 443}}}]}]}',
  )}`;
  const gateway = (server: string) =>
    istio(
      'Gateway',
      'egress',
      `{selector: {istio: egressgateway}, servers: [${server}]}`,
    );
  const mutual = istio(
    'DestinationRule',
    'egress',
    '{host: egress.istio-system.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: api.example.com}}}',
  );
  const origination = istio(
    'DestinationRule',
    'api',
    '{host: api.example.com, trafficPolicy: {portLevelSettings: [{port: {number: 443}, tls: {mode: SIMPLE}}]}}',
    { namespace: 'istio-system' },
  );
  const leaving = (yaml: string) =>
    way(`${EGRESS}${yaml}`, { host: 'api.example.com' });

  it('passes the gateway as what it has become there, and leaves with the TLS of the gateway', () => {
    const found = leaving(
      `${gateway(
        '{port: {number: 80, name: https, protocol: HTTPS}, tls: {mode: ISTIO_MUTUAL}, hosts: [api.example.com]}',
      )}${mutual}${origination}`,
    );
    expect(found.ending).toBe('outside');
    expect(
      found.steps
        .filter(({ stage }) => stage === 'destination')
        .map(({ says }) => says),
    ).toEqual([
      'Sent to egress.istio-system.svc.cluster.local:80',
      'Sent to api.example.com:443',
    ]);
    expect(
      found.steps.filter(({ stage }) => stage === 'client-tls').at(-1)?.says,
    ).toBe('DestinationRule istio-system/api sets TLS mode SIMPLE');
  });

  it('is reset where the gateway waits for plaintext and gets mutual TLS', () => {
    expect(
      ends(
        leaving(
          `${gateway(
            '{port: {number: 80, name: http, protocol: HTTP}, hosts: [api.example.com]}',
          )}${mutual}`,
        ),
      ),
    ).toEqual([[100, 'failed', undefined, 'NR']]);
  });

  it('ends where the routes of gateways lead in a circle', () => {
    const round = way(
      `${EGRESS}${gateway(
        '{port: {number: 80, name: https, protocol: HTTPS}, tls: {mode: ISTIO_MUTUAL}, hosts: [round.example.com]}',
      )}${istio(
        'DestinationRule',
        'egress',
        '{host: egress.istio-system.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: round.example.com}}}',
        { namespace: 'istio-system' },
      )}${istio(
        'VirtualService',
        'round',
        '{hosts: [round.example.com], gateways: [mesh, egress], http: [{route: [{destination: {host: egress.istio-system.svc.cluster.local, port: {number: 80}}}]}]}',
      )}`,
      { host: 'round.example.com' },
    );
    expect(round.outcome?.says).toContain('lead in a circle');
  });
});
