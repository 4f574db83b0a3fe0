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
import { servicesOf } from './entityInput';
import { mtlsObserved } from './mtlsObserved';

const MESH = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---${serviceYaml('shop', 'cart')}${podYaml('shop', 'cart')}`;

function request(reporter: string, policy: string, rate: number) {
  return {
    labels: {
      part: 'now',
      reporter,
      destination_service_namespace: 'shop',
      destination_service_name: 'cart',
      source_workload_namespace: 'shop',
      source_workload: 'web',
      connection_security_policy: policy,
      response_code: '200',
      response_flags: '-',
    },
    rate,
  };
}

function observed(...rows: ReturnType<typeof request>[]) {
  const [service] = servicesOf(
    entityInYaml(MESH, {
      services: 'shop/cart',
      observation: observationOf(...rows),
    }),
  );
  return mtlsObserved(service);
}

describe('peers §1c: verdicts that other tools get wrong', () => {
  it('8: a client reports every connection as of unknown security, so only what servers report counts', () => {
    const encrypted = observed(
      request('source', 'unknown', 10),
      request('destination', 'mutual_tls', 10),
    );
    expect(encrypted).toMatchObject({
      mutualTlsShare: 1,
      plaintextPerSecond: 0,
      callers: [{ workload: 'web', requestsPerSecond: 10, mutualTlsShare: 1 }],
    });
    const half = observed(
      request('source', 'unknown', 10),
      request('destination', 'mutual_tls', 5),
      request('destination', 'none', 5),
    );
    expect(half).toMatchObject({ mutualTlsShare: 0.5, plaintextPerSecond: 5 });
    const clientsOnly = observed(request('source', 'unknown', 10));
    expect(clientsOnly?.mutualTlsShare).toBeUndefined();
    expect(clientsOnly?.reason).toMatch(/No traffic was seen at the server/);
  });
});
