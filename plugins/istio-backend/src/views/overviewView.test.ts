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

import { overviewViewSchema } from '@mesh-portal/backstage-plugin-istio-common';
import {
  entityInYaml,
  podYaml,
  serviceYaml,
  SYNCED,
} from '../__testUtils__/meshYaml';
import { observationOf } from '../__testUtils__/observation';
import { overviewView } from './overviewView';

const MESHED = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: istio-sidecar-injector, labels: { istio.io/rev: default } }
webhooks:
- name: namespace.sidecar-injector.istio.io
  namespaceSelector: { matchLabels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Pod
metadata: { name: istiod-1, namespace: istio-system, labels: { app: istiod, istio.io/rev: default } }
spec: { containers: [{ name: discovery, image: "istio/pilot:1.30.1" }] }
status: { phase: Running }
---${serviceYaml('shop', 'cart')}`;

const OUTDATED = podYaml('shop', 'cart');
const CURRENT = OUTDATED.replace('1.27.1', '1.30.1');

function overviewOf(pods: string, status = SYNCED) {
  const view = overviewView(
    entityInYaml(MESHED + pods, { services: 'shop/cart', status }),
  );
  expect(overviewViewSchema.parse(view)).toEqual(view);
  return view;
}

const SENTENCE =
  '1 pod runs a sidecar of version 1.27.1, new pods would get version 1.30: restart the workload to update it.';

describe('the one sentence', () => {
  it('names callers that are refused before plaintext', () => {
    const seen = {
      part: 'now',
      reporter: 'destination',
      destination_service_namespace: 'shop',
      destination_service_name: 'cart',
      destination_workload: 'cart',
      source_workload_namespace: 'shop',
      source_workload: 'web',
      connection_security_policy: 'none',
      response_code: '200',
      response_flags: '-',
    };
    const view = overviewView(
      entityInYaml(
        `${MESHED}${CURRENT}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: nobody, namespace: shop }
spec: {}
---`,
        {
          services: 'shop/cart',
          observation: observationOf({ labels: seen, rate: 4 }),
        },
      ),
    );
    expect(view.mtls.state).toBe('fail');
    expect(view.headline).toMatch(
      /^Authorization: shop\/web calls \(4\.00\/s\) and is refused/,
    );
  });
});

describe('what the overview says of the pods', () => {
  it('names the pods whose proxy is outdated, and what to do; the verdicts do not turn red by it', () => {
    const { remarks, workloads, membership } = overviewOf(OUTDATED);
    expect(remarks).toMatchObject([
      {
        state: 'fail',
        reason: SENTENCE,
        facts: [{ object: { kind: 'Pod', name: 'cart-1' } }],
      },
    ]);
    expect(workloads[0].drift).toEqual(remarks);
    expect(workloads[0].health.state).toBe('pass');
    expect(membership.state).toBe('pass');
  });

  it('is silent where every pod is ready and has the proxy of today', () => {
    const { remarks, workloads } = overviewOf(CURRENT);
    expect(remarks).toEqual([]);
    expect(workloads[0]).toMatchObject({
      drift: [],
      health: { state: 'pass', reason: 'Its pod is ready.' },
    });
  });

  it('names pods that are not ready before those that are outdated, with the workload where there are several', () => {
    const waiting = OUTDATED.replace("status: 'True'", "status: 'False'");
    const second = CURRENT.replace(/cart-1/g, 'cart-2').replace(
      'StatefulSet, name: cart',
      'StatefulSet, name: cart-b',
    );
    expect(
      overviewOf(`${waiting}${second}`).remarks.map(({ reason }) => reason),
    ).toEqual(['cart: Its pod is not ready.', `cart: ${SENTENCE}`]);
  });

  it('does not call pods outdated where what new ones would get cannot be read', () => {
    const { workloads, remarks } = overviewOf(OUTDATED, {
      ...SYNCED,
      missingKinds: [
        {
          kind: 'MutatingWebhookConfiguration',
          reason: 'forbidden',
          message: 'Cannot list MutatingWebhookConfiguration',
        },
      ],
    });
    expect(workloads[0].drift).toEqual([]);
    expect(remarks).toEqual([]);
  });
});
