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
  booleanFlag,
  controlPlaneFlagsOf,
  meshConfigOf,
  protocolOfPort,
  systemNamespaceOf,
  type Protocol,
} from '../identity';
import type { Client } from '../membership';
import { PORT_CLASSES, type PortClass } from '../routing/routableService';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { chooseSidecar } from './sidecarSelection';

/** How a server's sidecar takes connections to one of its ports. */
export interface InboundListener {
  class: PortClass;
  /** as `Sidecar.ingress` declares it; left out: as the Service does, if one does */
  protocol?: Protocol;
  /** `service`: a Service declares the port; `sidecar`: `Sidecar.ingress` does; `none`: the pass-through chain takes it */
  declaredBy: 'service' | 'sidecar' | 'none';
  /** TLS of its own with which a Sidecar may end connections: only where mesh TLS is disabled, and behind a flag */
  tls?: 'SIMPLE' | 'MUTUAL';
  /** one sentence */
  says: string;
  provenance?: Provenance;
}

/** Do ports that `Sidecar.ingress` does not list stay as Services declare them? R8.11 */
function mergesServices(snapshot: MeshSnapshot, { revision }: Client): boolean {
  return booleanFlag(
    controlPlaneFlagsOf(snapshot, systemNamespaceOf(snapshot), revision),
    'PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE',
    false,
  );
}

/**
 * How a server's sidecar takes connections to a port of the container. `Sidecar.ingress`, where it is set, replaces what
 * Services declare, and ports that it does not list pass through. R8.11, R3.8
 *
 * @param ofService - how the Services declare the port; left out when none does
 * @param tlsOnIngress - istiod's `ENABLE_TLS_ON_SIDECAR_INGRESS`, when known otherwise than from its Deployment
 */
export function inboundListenerOf(
  snapshot: MeshSnapshot,
  server: Client,
  port: number,
  ofService: PortClass | undefined,
  tlsOnIngress = booleanFlag(
    controlPlaneFlagsOf(snapshot, undefined, server.revision),
    'ENABLE_TLS_ON_SIDECAR_INGRESS',
    false,
  ),
): InboundListener {
  const { rootNamespace } = meshConfigOf(snapshot);
  const { sidecar } = chooseSidecar(
    server,
    snapshot.list('Sidecar', server.namespace),
    snapshot.list('Sidecar', rootNamespace),
  );
  const ingress = sidecar?.spec.ingress ?? [];
  if (sidecar === undefined || ingress.length === 0) {
    return ofService === undefined
      ? {
          class: 'auto',
          declaredBy: 'none',
          says: `No Service declares port ${port}: connections pass through`,
        }
      : {
          class: ofService,
          declaredBy: 'service',
          says: `A Service declares port ${port}`,
        };
  }
  const name = `${sidecar.metadata.namespace}/${sidecar.metadata.name}`;
  const index = ingress.findIndex(item => item.port?.number === port);
  if (
    index < 0 &&
    ofService !== undefined &&
    mergesServices(snapshot, server)
  ) {
    return {
      class: ofService,
      declaredBy: 'service',
      says: `A Service declares port ${port}, and istiod keeps what Services declare beside Sidecar ${name} (PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE)`,
    };
  }
  if (index < 0) {
    const says = `Sidecar ${name} replaces what Services declare, and does not list port ${port}: connections pass through`;
    return {
      class: 'auto',
      declaredBy: 'none',
      says,
      provenance: provenanceOf(sidecar, 'spec.ingress', says),
    };
  }
  const { port: written, tls } = ingress[index];
  const protocol = protocolOfPort({ name: written?.protocol ?? '' });
  const own = tls?.mode === 'SIMPLE' || tls?.mode === 'MUTUAL';
  const ends = own && tlsOnIngress;
  const says = `Sidecar ${name} declares port ${port}${
    ends ? ` and ends TLS (${tls.mode}) there where mesh TLS is disabled` : ''
  }`;
  return {
    class: PORT_CLASSES[protocol],
    protocol,
    declaredBy: 'sidecar',
    ...(ends && (tls.mode === 'SIMPLE' || tls.mode === 'MUTUAL')
      ? { tls: tls.mode }
      : {}),
    says,
    provenance: provenanceOf(sidecar, `spec.ingress[${index}]`, says),
  };
}
