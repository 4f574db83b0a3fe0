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

import { entityInYaml, podYaml, serviceYaml } from '../__testUtils__/meshYaml';
import { observationOf } from '../__testUtils__/observation';
import { authorizationView } from './authorizationView';
import { encryptionVerdict } from './encryption';
import { mtlsView } from './mtlsView';
import { serviceVerdicts } from './serviceVerdicts';

/** Two control planes, each with a root namespace of its own, in which nobody is let in. */
const REVISIONS = `
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: "rootNamespace: root-one" }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: istio-two, namespace: istio-system }
data: { mesh: "rootNamespace: root-two" }
---`;

const denyAll = (namespace: string) => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: nobody, namespace: ${namespace} }
spec: {}
---`;

function cartOf(revision: string): string {
  const pod = podYaml('shop', 'cart').replace(
    '"revision":"default"',
    `"revision":"${revision}"`,
  );
  return `${serviceYaml('shop', 'cart')}${pod}`;
}

describe('a workload of another revision (R1.16)', () => {
  it.each([
    ['root-one', 'default', 'deny-all'],
    ['root-one', 'two', 'open'],
    ['root-two', 'default', 'open'],
    ['root-two', 'two', 'deny-all'],
  ])(
    'R1.4: a policy in %s makes a workload of revision %s %s, on its page and in the list',
    (root, revision, posture) => {
      const input = entityInYaml(
        `${REVISIONS}${denyAll(root)}${cartOf(revision)}`,
        { services: 'shop/cart' },
      );
      const [{ posture: shown }] = authorizationView(input).workloads;
      const [{ snapshot, match }] = input.clusters;
      expect({
        page: shown,
        list: serviceVerdicts(snapshot, match.services[0]).posture,
      }).toEqual({ page: posture, list: posture });
    },
  );
});

describe('a pod in ambient that takes plaintext past ztunnel', () => {
  const STRICT = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: strict, namespace: shop }
spec: { mtls: { mode: STRICT } }
---`;
  const input = entityInYaml(
    `${STRICT}${denyAll('shop')}${serviceYaml('shop', 'cart')}${podYaml(
      'shop',
      'cart',
      { sidecar: false },
    ).replace(
      'ownerReferences:',
      'annotations: { ambient.istio.io/redirection: enabled, ambient.istio.io/bypass-inbound-capture: "true" }\n  ownerReferences:',
    )}`,
    { services: 'shop/cart' },
  );
  const [{ snapshot, match }] = input.clusters;
  const listed = serviceVerdicts(snapshot, match.services[0]);

  it('is not green for its policies, on its page and in the list', () => {
    const [{ verdict }] = authorizationView(input).workloads;
    expect(verdict.state).toBe('fail');
    expect(verdict.reason).toContain('Whoever sends plaintext may call it');
    expect(listed.authorization.state).toBe('fail');
    expect(listed.posture).toBe('passed-by');
  });

  it('is not green for STRICT, nor for traffic that was seen: its plaintext is not', () => {
    const [{ verdict, ports }] = mtlsView(input).services;
    for (const shown of [verdict, ports[0].verdict]) {
      expect(shown.state).toBe('unknown');
      expect(shown.reason).toContain('plaintext would come in unseen');
    }
    const seen = encryptionVerdict(listed.encryption, {
      mutualTlsShare: 1,
      plaintextPerSecond: 0,
    });
    expect(seen.state).toBe('unknown');
    expect(seen.facts[0].object).toMatchObject({ kind: 'Pod', name: 'cart-1' });
  });
});

describe('the callers of a service with two versions', () => {
  const version = (name: string) =>
    podYaml('shop', name).replace(`{ app: ${name},`, '{ app: cart,');
  const seen = (part: string, workload: string) => ({
    part,
    reporter: 'destination',
    destination_service_namespace: 'shop',
    destination_service_name: 'cart',
    destination_workload: workload,
    source_workload_namespace: 'shop',
    source_workload: 'web',
    response_code: '200',
    response_flags: '-',
  });

  it('are those of each: requests and connections are not counted at both', () => {
    const { workloads } = authorizationView(
      entityInYaml(
        `${serviceYaml('shop', 'cart')}${version('cart-v1')}${version(
          'cart-v2',
        )}`,
        {
          services: 'shop/cart',
          observation: observationOf(
            { labels: seen('now', 'cart-v1'), rate: 9 },
            { labels: seen('now', 'cart-v2'), rate: 1 },
            { labels: seen('tcpOpened', 'cart-v1'), rate: 0.5 },
            { labels: seen('tcpOpened', 'unknown'), rate: 0.1 },
          ),
        },
      ),
    );
    expect(
      workloads.map(({ workload, callers }) => [
        workload.name,
        callers.map(({ observed }) => [
          observed?.protocol,
          observed?.requestsPerSecond,
        ]),
      ]),
    ).toEqual([
      [
        'cart-v1',
        [
          ['http', 9],
          ['tcp', 0.6],
        ],
      ],
      [
        'cart-v2',
        [
          ['http', 1],
          ['tcp', 0.1],
        ],
      ],
    ]);
  });
});
