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

import {
  gatewayAddresses,
  programming,
  type BoundService,
} from './gatewayAddresses';

const HOST = 'edge.infra.svc.cluster.local';
const SERVICE: BoundService = {
  endpointPorts: new Map([[80, [8080]]]),
  clusterIPs: ['10.0.0.1'],
  externalAddresses: ['1.2.3.4'],
  type: 'LoadBalancer',
  managed: false,
};

function reasonOf(
  service: Partial<BoundService> | undefined,
  port = 80,
  namespace = 'infra',
) {
  const addresses = gatewayAddresses('infra', [HOST], [port], () =>
    service === undefined
      ? new Map()
      : new Map([[namespace, { ...SERVICE, ...service }]]),
  );
  const { fault, message } = programming(addresses, [HOST]);
  return fault === undefined ? message : `${fault.reason}: ${fault.message}`;
}

describe('is a Gateway programmed (R7.16)', () => {
  it('when its Service has endpoints for every port', () => {
    expect(reasonOf({})).toBe(`It is served at ${HOST}:80`);
  });

  it('not without the Service, in its own namespace', () => {
    expect(reasonOf(undefined)).toBe(
      `AddressNotUsable: ${HOST} does not exist`,
    );
    expect(reasonOf({}, 80, 'other')).toContain('but of other');
  });

  it('not when the port is that of the pods, and it says which is meant', () => {
    expect(reasonOf({}, 8080)).toContain('AddressNotUsable');
    expect(reasonOf({}, 8080)).toContain('80 is meant');
  });

  it('not while the load balancer has no address, or no endpoint is ready', () => {
    const unassigned = reasonOf({ externalAddresses: [] });
    expect(unassigned).toContain('AddressNotAssigned: ');
    expect(unassigned).toContain(`${HOST} has no external address`);
    expect(reasonOf({ endpointPorts: new Map() })).toContain(
      `AddressNotAssigned: ${HOST} has no ready endpoint`,
    );
  });

  it('a Gateway that Istio manages is not reproached while its endpoints come', () => {
    const endpointPorts = new Map([
      [80, [8080]],
      [443, []],
    ]);
    expect(reasonOf({ endpointPorts, managed: true }, 443)).toBe(
      'A proxy serves it',
    );
    expect(reasonOf({ endpointPorts }, 443)).toContain('AddressNotUsable');
  });
});
