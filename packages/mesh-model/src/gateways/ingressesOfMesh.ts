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

import { meshConfigOf } from '../identity';
import { derivation, type MeshSnapshot } from '../snapshot';
import { ingressConfigs } from './ingress';

function backendsOf(snapshot: MeshSnapshot): {
  namespace: string;
  service: string;
  port: string;
}[] {
  return snapshot.list('Ingress').flatMap(({ metadata, spec }) =>
    (spec.rules ?? []).flatMap(rule =>
      (rule.http?.paths ?? []).flatMap(({ backend }) =>
        backend.service?.port?.name === undefined
          ? []
          : [
              {
                namespace: metadata.namespace,
                service: backend.service.name,
                port: backend.service.port.name,
              },
            ],
      ),
    ),
  );
}

function portKey(namespace: string, service: string, port: string): string {
  return `${namespace}/${service}/${port}`;
}

/** The numbers of the ports that Ingresses name, as a text that stands still while other Services change. */
export const ingressPortsOf = derivation(
  () => [{ kind: 'Ingress' }, { kind: 'Service' }],
  (snapshot): string =>
    backendsOf(snapshot)
      .flatMap(({ namespace, service, port }) => {
        const found = snapshot
          .get('Service', namespace, service)
          ?.spec.ports.find(({ name }) => name === port);
        return found === undefined
          ? []
          : [`${portKey(namespace, service, port)} ${found.port}`];
      })
      .sort()
      .join('\n'),
);

/** Kinds from which the Gateways and routes of Ingresses are computed, beside the ports of Services. */
export const INGRESS_INPUTS = [
  { kind: 'Ingress' },
  { kind: 'IngressClass' },
  { kind: 'ConfigMap' },
] as const;

const computed = derivation(
  () => INGRESS_INPUTS,
  (snapshot, ports) => {
    const numbers = new Map(
      ports
        .split('\n')
        .map(line => line.split(' '))
        .map(([key, number]) => [key, Number(number)]),
    );
    return ingressConfigs(
      snapshot.list('Ingress'),
      meshConfigOf(snapshot),
      (namespace, service, port) =>
        numbers.get(portKey(namespace, service, port)),
      name => snapshot.get('IngressClass', '', name),
    );
  },
);

/** The Gateways and routing configuration of the Ingresses that Istio serves. R7.27 – R7.30 */
export function ingressesOf(
  snapshot: MeshSnapshot,
): ReturnType<typeof ingressConfigs> {
  return computed(snapshot, ingressPortsOf(snapshot));
}
