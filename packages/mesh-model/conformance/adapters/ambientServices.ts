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
  ambientServiceOf,
  ambientServicesOfEntry,
  selectServices,
  type ZtunnelService,
} from '../../src/ambient';
import { parseMeshConfig, serviceScopeOf } from '../../src/identity';
import type { StringMap } from '../../src/objects';
import {
  sameMessages,
  serviceEntryIn,
  serviceIn,
  type AmbientCase,
} from './ambientCase';
import {
  environmentOf,
  objectsIn,
  serviceInfoIn,
  type AmbientInput,
} from './ambientInputs';
import { difference, type RawObject } from './routingCase';

function serviceEntryServices(raw: unknown): string | undefined {
  const test = raw as AmbientCase<readonly ZtunnelService[]>;
  return sameMessages(
    test.result ?? [],
    ambientServicesOfEntry(
      environmentOf(test.inputs),
      serviceEntryIn(test.se),
    ).map(({ service }) => service),
  );
}

/** The API server fills in the target port that the table leaves out. */
function withTargetPorts(
  service: ZtunnelService,
  raw: RawObject | undefined,
): ZtunnelService {
  const written = (raw?.spec?.ports ?? []) as {
    port: number;
    targetPort?: unknown;
  }[];
  return {
    ...service,
    ports: (service.ports ?? []).map(port => ({
      ...port,
      targetPort: written.some(
        ({ port: number, targetPort }) =>
          number === port.servicePort && targetPort === undefined,
      )
        ? port.servicePort
        : port.targetPort,
    })),
  };
}

function serviceServices(raw: unknown): string | undefined {
  const test = raw as AmbientCase<ZtunnelService>;
  return sameMessages(
    test.result ? withTargetPorts(test.result, test.svc) : undefined,
    ambientServiceOf(environmentOf(test.inputs), serviceIn(test.svc))?.service,
  );
}

function selectWorkloadServices(raw: unknown): string | undefined {
  const { inputs, wantWinners, wantCanonical } = raw as {
    inputs: readonly { serviceInfo: Parameters<typeof serviceInfoIn>[0] }[];
    wantWinners: StringMap;
    wantCanonical: string;
  };
  const selected = selectServices(
    inputs.map(({ serviceInfo }) => serviceInfoIn(serviceInfo)),
  );
  return difference(
    { winners: wantWinners, canonical: wantCanonical },
    {
      winners: Object.fromEntries(
        selected.map(({ service }) => [service.namespace, service.name]),
      ),
      canonical:
        selected.find(({ service }) => service.canonical)?.service.name ?? '',
    },
  );
}

function matchServiceScope(raw: unknown): string | undefined {
  const { inputs, meshCfg, svc, want } = raw as {
    inputs: readonly AmbientInput[];
    meshCfg: { meshConfig?: object };
    svc: RawObject;
    want: string;
  };
  const service = serviceIn(svc);
  const namespace = objectsIn(inputs).find(
    ({ kind, metadata }) =>
      kind === 'Namespace' && metadata.name === service.metadata.namespace,
  );
  return difference(
    want,
    serviceScopeOf(
      parseMeshConfig(JSON.stringify(meshCfg.meshConfig ?? {})),
      namespace?.metadata.labels,
      service.metadata.labels,
    ),
  );
}

/** Which services istiod tells ztunnel of, and which of several with one host name counts. */
export const ambientServiceTests = {
  TestServiceEntryServices: serviceEntryServices,
  TestServiceServices: serviceServices,
  TestSelectWorkloadServices: selectWorkloadServices,
  TestMatchServiceScope: matchServiceScope,
};
