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

import { egressHostsByNamespace } from './egressHosts';
import { servicesOfListener, type ScopeService } from './scopedServices';
import { sidecarScope } from './sidecarScope';
import { routingConfigOfVirtualService } from '../routing/virtualServiceConfig';
import { objectsFromYaml } from '../testing';

const service = (
  hostname: string,
  namespace: string,
  more: Partial<ScopeService> = {},
): ScopeService => ({
  hostname,
  namespace,
  registry: 'Kubernetes',
  ports: [{ number: 80 }],
  resolution: 'CLIENT_SIDE',
  exportTo: ['*'],
  aliases: [],
  ...more,
});

const imports = (...entries: string[]) =>
  egressHostsByNamespace(entries, 'web').hosts;

/** What clients of namespace web know under a Sidecar that imports one VirtualService, which routes to api.example.com. */
function implied(
  services: readonly ScopeService[],
  port?: number,
): readonly ScopeService[] {
  const [sidecar, virtualService] = objectsFromYaml(`
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: web}
spec: {egress: [{hosts: ["web/routes.example.com"]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: routes, namespace: web}
spec:
  hosts: [routes.example.com]
  http: [{route: [{destination: {host: api.example.com${
    port === undefined ? '' : `, port: {number: ${port}}`
  }}}]}]
`);
  if (sidecar.kind !== 'Sidecar' || virtualService.kind !== 'VirtualService') {
    throw new Error('no Sidecar and VirtualService');
  }
  const scope = sidecarScope({
    clientNamespace: 'web',
    sidecar,
    services,
    servicesOfHost: host => services.filter(item => item.hostname === host),
    configs: [
      routingConfigOfVirtualService(virtualService, () => undefined, {
        clusterDomain: 'cluster.local',
        defaultExportTo: ['*'],
      }),
    ],
  });
  return [...scope.services.values()];
}

describe('what an egress listener imports', () => {
  const concrete = service('concrete.example.com', 'shop', {
    aliases: ['alias.example.com', 'other.example.com'],
  });

  it('R8.4: of the aliases of a service, those that the listener imports', () => {
    expect(
      servicesOfListener(
        [concrete],
        'web',
        imports('shop/concrete.example.com', 'shop/alias.example.com'),
        undefined,
      ).map(item => item.aliases),
    ).toEqual([['alias.example.com']]);
  });

  it('R8.4: all aliases where the listener imports the whole namespace', () => {
    expect(
      servicesOfListener([concrete], 'web', imports('shop/*'), undefined),
    ).toEqual([concrete]);
  });

  it('R8.4: the entries of the namespace decide on aliases where they import the service, not those for every namespace', () => {
    expect(
      servicesOfListener(
        [concrete],
        'web',
        imports('*/*', 'shop/concrete.example.com'),
        undefined,
      ).map(item => item.aliases),
    ).toEqual([[]]);
  });
});

describe('what a VirtualService implies', () => {
  it('R8.7: of several definitions in the client’s own namespace, the Kubernetes Service', () => {
    expect(
      implied([
        service('api.example.com', 'web', { registry: 'External' }),
        service('api.example.com', 'web'),
      ]).map(item => item.registry),
    ).toEqual(['Kubernetes']);
  });

  it('R8.7: a service without ports, whatever port the destination names', () => {
    expect(
      implied([service('api.example.com', 'shop', { ports: [] })], 8080),
    ).toHaveLength(1);
  });

  it('R8.7: not a service whose ports the destination does not name', () => {
    expect(implied([service('api.example.com', 'shop')], 8080)).toEqual([]);
  });
});
