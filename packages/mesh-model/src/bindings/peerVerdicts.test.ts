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

import { ambientStateOfService } from '../ambient';
import {
  authorizationMeshOf,
  evaluatePath,
  evaluateRequest,
  policyTargetOf,
  type AuthorizationRequest,
} from '../authorization';
import {
  confidenceOf,
  envoyProxyOfClient,
  serverVerificationOf,
} from '../extensions';
import { exposureOf } from '../gateways';
import { defaultClient, waypointOf, type Client } from '../membership';
import { serverModesOfService } from '../mtls';
import { routesOfService } from '../routing';
import type { SnapshotStore } from '../snapshot';
import { mesh } from '../testing';
import {
  AMBIENT_BOOKINFO,
  BOOKINFO,
  reviewsOf,
  reviewsWorkload,
} from '../testing/bookinfo';
import { ignoredObjectsOfService } from './ignoredObjectsOf';

function object(kind: string, name: string, spec: string, second = 0): string {
  const [namespace, bare] = name.split('/');
  const group = /^(Virtual|Destination|Sidecar|Gateway)/.test(kind)
    ? 'networking.istio.io/v1'
    : 'security.istio.io/v1';
  return `
---
apiVersion: ${group}
kind: ${kind}
metadata: {name: ${bare}, namespace: ${namespace}, creationTimestamp: "2026-01-01T00:00:0${second}Z"}
spec: ${spec}`;
}

const ap = (name: string, spec: string) =>
  object('AuthorizationPolicy', name, spec);
const pa = (name: string, spec: string, second?: number) =>
  object('PeerAuthentication', name, spec, second);

const HOST = 'reviews.bookinfo.svc.cluster.local';
const TO = `http: [{route: [{destination: {host: ${HOST}}}]}]`;

const REQUEST: AuthorizationRequest = {
  protocol: 'http',
  method: 'GET',
  path: '/admin',
  port: 9080,
  peer: { namespace: 'web', serviceAccount: 'web' },
};

function decision(
  snapshot: SnapshotStore,
  request: AuthorizationRequest = REQUEST,
) {
  return evaluateRequest(
    snapshot,
    policyTargetOf(snapshot, reviewsWorkload(snapshot)),
    authorizationMeshOf(snapshot),
    request,
  ).decision;
}

function modeOf(yaml: string, port = 9080) {
  const snapshot = mesh`${yaml}`;
  return serverModesOfService(snapshot, reviewsOf(snapshot)).find(
    each => each.port === port,
  )?.mode;
}

function istiod(version: string, env = '[]'): string {
  return `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec:
  template:
    metadata: {labels: {app: istiod}}
    spec: {containers: [{name: discovery, env: ${env}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: istiod-1, namespace: istio-system, labels: {app: istiod}}
spec: {containers: [{name: discovery, image: "istio/pilot:${version}"}]}
status: {phase: Running}`;
}

// The eighth is about metrics, which the model does not see: it stands with the views of the back end.
describe('peers §1c: verdicts that other tools get wrong', () => {
  it('1: in ambient, DENY of HTTP attributes alone lets traffic pass; mixed with ports it denies more; ALLOW of them denies all', () => {
    const rule = (to: string) => `rules: [{to: [{operation: ${to}}]}]`;
    const denyHttp = mesh`${
      AMBIENT_BOOKINFO +
      ap('bookinfo/p', `{action: DENY, ${rule('{paths: ["/admin"]}')}}`)
    }`;
    expect(decision(denyHttp)).toBe('allow');
    const denyMixed = mesh`${
      AMBIENT_BOOKINFO +
      ap(
        'bookinfo/p',
        `{action: DENY, ${rule('{paths: ["/admin"], ports: ["9080"]}')}}`,
      )
    }`;
    expect(decision(denyMixed, { ...REQUEST, path: '/other' })).toBe('deny');
    const allowHttp = mesh`${
      AMBIENT_BOOKINFO +
      ap('bookinfo/p', `{action: ALLOW, ${rule('{paths: ["/admin"]}')}}`)
    }`;
    expect(decision(allowHttp)).toBe('deny');
  });

  it('2: a label that names a waypoint that is missing or not ready covers nothing: traffic goes past it, its policies too', () => {
    const wanting = AMBIENT_BOOKINFO.replace(
      'istio.io/dataplane-mode: ambient',
      'istio.io/dataplane-mode: ambient, istio.io/use-waypoint: wp',
    );
    const policy = ap(
      'bookinfo/deny',
      '{action: DENY, targetRefs: [{kind: Service, name: reviews}], rules: [{}]}',
    );
    const notReady = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: bookinfo}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}`;
    const ready = `${notReady}
status: {addresses: [{value: 10.0.0.9}]}`;
    const pathOf = (yaml: string) => {
      const snapshot = mesh`${yaml}`;
      const service = reviewsOf(snapshot);
      return {
        waypoint: waypointOf(snapshot, service).state,
        ignored: ignoredObjectsOfService(snapshot, service).map(
          ({ object: { name } }) => name,
        ),
        ambient: ambientStateOfService(snapshot, service),
        path: evaluatePath(snapshot, {
          workload: reviewsWorkload(snapshot),
          service,
          client: { ...defaultClient('bookinfo'), proxy: 'ambient' },
          request: REQUEST,
          servicePort: 9080,
        }),
      };
    };
    for (const yaml of [wanting + policy, wanting + policy + notReady]) {
      const { waypoint, ignored, path } = pathOf(yaml);
      expect(waypoint).toBe('broken');
      expect(ignored).toEqual(['deny']);
      expect(path.decision).toBe('allow');
      expect(path.hops).toHaveLength(1);
    }
    const behind = pathOf(wanting + policy + ready);
    expect(behind.waypoint).toBe('bound');
    expect(behind.path.decision).toBe('deny');
  });

  it('3: TLS without caCertificates is verified by the CAs of the system, but by old control planes not at all', () => {
    const tls = { mode: 'SIMPLE' as const };
    const verified = (
      yaml: string,
      settings: Parameters<typeof serverVerificationOf>[1] = tls,
    ) => serverVerificationOf(mesh`${yaml}`, settings).state;
    expect(verified(istiod('1.27.1'))).toBe('verified');
    expect(verified(istiod('1.20.3'))).toBe('not-verified');
    expect(
      verified(
        istiod(
          '1.27.1',
          '[{name: VERIFY_CERTIFICATE_AT_CLIENT, value: "false"}]',
        ),
      ),
    ).toBe('not-verified');
    expect(verified(BOOKINFO)).toBe('unknown');
    expect(
      verified(istiod('1.27.1'), { ...tls, insecureSkipVerify: true }),
    ).toBe('not-verified');
  });

  it('4: a PeerAuthentication in the root namespace proves nothing by being there, one STRICT workload does not make its namespace STRICT, and ports count', () => {
    expect(
      modeOf(BOOKINFO + pa('istio-system/mesh', '{mtls: {mode: DISABLE}}')),
    ).toBe('DISABLE');
    expect(
      modeOf(
        BOOKINFO +
          pa(
            'bookinfo/other',
            '{selector: {matchLabels: {app: ratings}}, mtls: {mode: STRICT}}',
          ),
      ),
    ).toBe('PERMISSIVE');
    const strictButOnePort =
      BOOKINFO +
      pa(
        'bookinfo/own',
        '{selector: {matchLabels: {app: reviews}}, mtls: {mode: STRICT}, portLevelMtls: {"9000": {mode: DISABLE}}}',
      );
    expect(modeOf(strictButOnePort)).toBe('STRICT');
    expect(modeOf(strictButOnePort, 9000)).toBe('DISABLE');
  });

  it('5: UNSET, an empty spec and no policy at all are what the parent says, by default PERMISSIVE', () => {
    const permissive = pa('istio-system/mesh', '{mtls: {mode: PERMISSIVE}}');
    expect(
      modeOf(
        BOOKINFO + permissive + pa('bookinfo/ns', '{mtls: {mode: UNSET}}'),
      ),
    ).toBe('PERMISSIVE');
    expect(modeOf(BOOKINFO + permissive + pa('bookinfo/ns', '{}'))).toBe(
      'PERMISSIVE',
    );
    expect(modeOf(BOOKINFO)).toBe('PERMISSIVE');
  });

  it('6: of several namespace-wide policies the oldest counts, and UNSET there inherits from the mesh', () => {
    expect(
      modeOf(
        BOOKINFO +
          pa('bookinfo/a-young', '{mtls: {mode: DISABLE}}', 5) +
          pa('bookinfo/b-old', '{mtls: {mode: UNSET}}', 1) +
          pa('istio-system/mesh', '{mtls: {mode: STRICT}}', 9),
      ),
    ).toBe('STRICT');
  });

  it('7: a VirtualService that names the host and is not exported, not bound to the mesh, or not imported, does not act', () => {
    const owner = (yaml: string, namespace: string) => {
      const snapshot = mesh`${yaml}`;
      const client = defaultClient(namespace);
      return {
        owner: routesOfService(snapshot, client, {
          namespace: 'bookinfo',
          name: 'reviews',
        })?.ports[0].owner,
        why: ignoredObjectsOfService(snapshot, reviewsOf(snapshot), client).map(
          ({ cause }) => cause,
        ),
      };
    };
    const vs = (name: string, more: string) =>
      object('VirtualService', name, `{hosts: [${HOST}], ${more}${TO}}`);
    expect(
      owner(BOOKINFO + vs('bookinfo/a', 'exportTo: ["."], '), 'shop'),
    ).toEqual({ owner: undefined, why: ['not-exported'] });
    expect(
      owner(BOOKINFO + vs('bookinfo/a', 'gateways: [edge], '), 'shop'),
    ).toEqual({ owner: undefined, why: ['bound-to-gateways'] });
    expect(
      owner(
        BOOKINFO +
          vs('far/a', '') +
          object(
            'Sidecar',
            'shop/default',
            '{egress: [{hosts: ["bookinfo/*"]}]}',
          ),
        'shop',
      ),
    ).toEqual({ owner: undefined, why: ['not-imported'] });
  });

  it('9: whether the default retries repeat 503 depends on version and flag, and where neither is seen the answer says so', () => {
    const retriesIn = (yaml: string) =>
      routesOfService(mesh`${yaml}`, defaultClient('bookinfo'), {
        namespace: 'bookinfo',
        name: 'reviews',
      })?.ports[0].rules[0].retries;
    const switchedOff =
      '[{name: EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY, value: "false"}]';
    const statuses = (control: string) =>
      retriesIn(BOOKINFO + control)?.value.statusCodes;
    expect(statuses(istiod('1.27.1'))).toEqual([]);
    expect(statuses(istiod('1.23.4'))).toEqual([503]);
    expect(statuses(istiod('1.27.1', switchedOff))).toEqual([503]);
    expect(retriesIn(BOOKINFO)?.value.statusCodes).toBeUndefined();
    expect(retriesIn(BOOKINFO)?.says).toMatch(/version .* is not known/);
    const doubts = confidenceOf(
      mesh`${BOOKINFO}`,
      envoyProxyOfClient(defaultClient('bookinfo')),
      'routing',
    ).reasons;
    expect(
      doubts.filter(({ says }) => says.includes('EXCLUDE_UNSAFE_503')),
    ).toMatchObject([{ cause: 'assumed-flag' }]);
  });

  it('10: the way from the edge is told with its TLS and whether a caller must authenticate: tokens, CUSTOM, PeerAuthentication, ports and sources count', () => {
    const edge =
      BOOKINFO +
      object(
        'Gateway',
        'bookinfo/edge',
        '{selector: {istio: ingress}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}',
      ) +
      object(
        'VirtualService',
        'bookinfo/edge',
        `{hosts: ["*"], gateways: [edge], ${TO}}`,
      );
    const open = mesh`${edge}`;
    expect(
      exposureOf(open, { namespace: 'bookinfo', name: 'reviews' }).paths,
    ).toMatchObject([{ port: 80, tlsMode: 'NONE' }]);
    expect(decision(open)).toBe('allow');

    const token = mesh`${
      edge +
      object(
        'RequestAuthentication',
        'bookinfo/jwt',
        '{jwtRules: [{issuer: "https://issuer", jwks: "{}"}]}',
      ) +
      ap(
        'bookinfo/token',
        '{rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]}',
      )
    }`;
    expect(decision(token, { ...REQUEST, token: 'none' })).toBe('deny');

    const custom = mesh`${
      edge +
      ap('bookinfo/ext', '{action: CUSTOM, provider: {name: opa}, rules: [{}]}')
    }`;
    expect(decision(custom)).not.toBe('allow');

    const byPort = mesh`${
      edge +
      ap(
        'bookinfo/port',
        '{action: DENY, rules: [{to: [{operation: {ports: ["9080"]}}]}]}',
      )
    }`;
    expect(decision(byPort)).toBe('deny');
    expect(decision(byPort, { ...REQUEST, port: 9000 })).toBe('allow');

    const identity = mesh`${
      edge +
      ap(
        'bookinfo/ns',
        '{rules: [{from: [{source: {namespaces: [istio-system]}}]}]}',
      )
    }`;
    expect(decision(identity)).toBe('deny');

    const bySource: Client = {
      ...defaultClient('bookinfo'),
      labels: { app: 'web' },
    };
    const labelled = mesh`${
      BOOKINFO +
      object(
        'VirtualService',
        'bookinfo/canary',
        `{hosts: [${HOST}], http: [{match: [{sourceLabels: {app: mobile}}], route: [{destination: {host: ${HOST}}}]}]}`,
      )
    }`;
    expect(
      routesOfService(labelled, bySource, {
        namespace: 'bookinfo',
        name: 'reviews',
      })?.ports[0].owner,
    ).toBeUndefined();
  });
});
