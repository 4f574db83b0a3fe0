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

import { readYaml } from '../objects/yamlText';
import { systemNamespaceOf } from '../identity';
import { list, mapOf, number, Reading, record, string } from '../objects/shape';
import type { ObjectProblem } from '../objects';
import { derivation, type MeshSnapshot } from '../snapshot';

/** One network of the key `meshNetworks` of Istio's ConfigMap. R1.19 */
export interface MeshNetwork {
  /** what belongs to it: clusters by name, addresses by range */
  endpoints?: readonly { fromRegistry?: string; fromCidr?: string }[];
  /** how others enter it */
  gateways?: readonly {
    registryServiceName?: string;
    address?: string;
    port?: number;
  }[];
}

/** The networks that the mesh configuration names. */
export interface MeshNetworks {
  networks: Readonly<Record<string, MeshNetwork>>;
  problems: readonly ObjectProblem[];
}

type Belonging = NonNullable<MeshNetwork['endpoints']>[number];
type Entrance = NonNullable<MeshNetwork['gateways']>[number];

const shape = record<{ networks?: Readonly<Record<string, MeshNetwork>> }>({
  networks: mapOf(
    record<MeshNetwork>({
      endpoints: list(
        record<Belonging>({ fromRegistry: string, fromCidr: string }),
      ),
      gateways: list(
        record<Entrance>({
          registryServiceName: string,
          address: string,
          port: number,
        }),
      ),
    }),
  ),
});

/** Reads the YAML of the key `meshNetworks`. What is malformed is left out and named. R1.19 */
export function parseMeshNetworks(yaml: string): MeshNetworks {
  const read = readYaml(yaml);
  if ('problem' in read) {
    return {
      networks: {},
      problems: [
        {
          path: 'data.meshNetworks',
          message: `The networks of the mesh are not YAML; correct it: ${read.problem}`,
        },
      ],
    };
  }
  const reading = new Reading();
  const networks = shape(read.value ?? {}, reading)?.networks ?? {};
  return {
    networks,
    problems: reading.problems.map(({ path, message }) => ({
      path: `data.meshNetworks: ${path}`,
      message,
    })),
  };
}

/** The networks of the mesh as the default control plane of a cluster reads them. Kept until a ConfigMap changes. */
export const meshNetworksOf: (snapshot: MeshSnapshot) => MeshNetworks =
  derivation(
    () => [{ kind: 'ConfigMap' }],
    snapshot => {
      const yaml = snapshot.get(
        'ConfigMap',
        systemNamespaceOf(snapshot),
        'istio',
      )?.spec.data.meshNetworks;
      return yaml === undefined
        ? { networks: {}, problems: [] }
        : parseMeshNetworks(yaml);
    },
  );
