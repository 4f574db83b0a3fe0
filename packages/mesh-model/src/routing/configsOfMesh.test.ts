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

import { destinationRulesNaming } from '../destinations/destinationRuleIndex';
import { keptPerKey, type MeshSnapshot } from '../snapshot';
import { mesh, objectsFromYaml } from '../testing';
import {
  configsForHost,
  configsForHostByClass,
  routingConfigsNaming,
  visibleConfigsOf,
} from './configsOfMesh';

type Named = { metadata: { name: string } };

const namesOf = (objects: readonly Named[]) =>
  objects.map(({ metadata }) => metadata.name);

/** What is found for a host of the clients in namespace `shop`, by the name of the object. */
const lookUps: Readonly<
  Record<string, (snapshot: MeshSnapshot, host: string) => readonly string[]>
> = {
  'that own it': (snapshot, host) =>
    namesOf(
      (configsForHost(snapshot, 'mesh', 'shop', host)?.configs ?? []).map(
        ({ object }) => object,
      ),
    ),
  'with TLS routes for it': (snapshot, host) =>
    namesOf(
      configsForHostByClass(snapshot, 'mesh', 'shop', host).map(
        ({ object }) => object,
      ),
    ),
  'that name it': (snapshot, host) =>
    namesOf(routingConfigsNaming(snapshot, host).map(({ object }) => object)),
  'of its namespace': (snapshot, host) =>
    namesOf(
      visibleConfigsOf(snapshot, 'mesh', 'shop', {
        namespaces: new Set(),
        hosts: new Set([host]),
      }).map(({ object }) => object),
    ),
  'of kind DestinationRule': (snapshot, host) =>
    namesOf(destinationRulesNaming(snapshot, host)),
};

const written = (host: string, name: string) =>
  objectsFromYaml(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: shop, creationTimestamp: 2026-01-02T00:00:00Z }
spec:
  hosts: ["${host}"]
  tls:
    - match: [{ sniHosts: ["${host}"] }]
      route: [{ destination: { host: a.example.com } }]
  http:
    - route: [{ destination: { host: a.example.com } }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: shop, creationTimestamp: 2026-01-02T00:00:00Z }
spec: { host: "${host}" }
`);

const HOSTS = [
  'a.example.com',
  'b.example.com',
  '*.example.com',
  '*.b.example.com',
  '*.com',
];

describe.each(Object.entries(lookUps))('configurations %s', (_, lookUp) => {
  it.each(HOSTS.flatMap(asked => HOSTS.map(host => [asked, host])))(
    'for %s are looked up again when one for %s comes, changes and goes',
    (asked, host) => {
      const kept = keptPerKey((snapshot, key) => lookUp(snapshot, key));
      const store = mesh``;
      const expectSame = () =>
        expect(kept(store, asked)).toEqual(lookUp(store, asked));
      expectSame();
      for (const name of ['first', 'second']) {
        for (const object of written(host, name)) {
          store.apply([{ type: 'upsert', object }]);
          expectSame();
        }
      }
      for (const object of written('other.example.org', 'first')) {
        store.apply([{ type: 'upsert', object }]);
        expectSame();
      }
      for (const kind of ['VirtualService', 'DestinationRule'] as const) {
        store.apply([
          { type: 'delete', kind, namespace: 'shop', name: 'second' },
        ]);
        expectSame();
      }
    },
  );
});
