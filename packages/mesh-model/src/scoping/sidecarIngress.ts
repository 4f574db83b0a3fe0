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
import type { SlimObjectByKind } from '../objects';
import { PORT_CLASSES, type PortClass } from '../routing/routableService';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { chooseSidecar } from './sidecarSelection';

type Sidecar = SlimObjectByKind['Sidecar'];
type IngressListener = NonNullable<Sidecar['spec']['ingress']>[number];

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

function nameOf({ metadata }: Sidecar): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** As Services declare a port, where no Sidecar has `ingress`. R3.8 */
function listenerOfServices(
  port: number,
  ofService: PortClass | undefined,
): InboundListener {
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

/** A port that `Sidecar.ingress` does not list, where istiod merges it with what Services declare. R8.11 */
function mergedListener(
  sidecar: Sidecar,
  port: number,
  ofService: PortClass,
): InboundListener {
  return {
    class: ofService,
    declaredBy: 'service',
    says: `A Service declares port ${port}, and istiod keeps what Services declare beside Sidecar ${nameOf(
      sidecar,
    )} (PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE)`,
  };
}

/** A port that `Sidecar.ingress` does not list passes through. R8.11 */
function unlistedPort(sidecar: Sidecar, port: number): InboundListener {
  const says = `Sidecar ${nameOf(
    sidecar,
  )} replaces what Services declare, and does not list port ${port}: connections pass through`;
  return {
    class: 'auto',
    declaredBy: 'none',
    says,
    provenance: provenanceOf(sidecar, 'spec.ingress', says),
  };
}

/** The TLS that a listener of `Sidecar.ingress` ends with a certificate of its own. R3.8 */
function endedTls(
  { tls }: IngressListener,
  tlsOnIngress: boolean,
): InboundListener['tls'] {
  return tlsOnIngress && (tls?.mode === 'SIMPLE' || tls?.mode === 'MUTUAL')
    ? tls.mode
    : undefined;
}

/** A port as `Sidecar.ingress` declares it. R8.11 */
function listedPort(
  sidecar: Sidecar,
  index: number,
  listener: IngressListener,
  port: number,
  tlsOnIngress: boolean,
): InboundListener {
  const protocol = protocolOfPort({ name: listener.port?.protocol ?? '' });
  const tls = endedTls(listener, tlsOnIngress);
  const says = `Sidecar ${nameOf(sidecar)} declares port ${port}${
    tls === undefined
      ? ''
      : ` and ends TLS (${tls}) there where mesh TLS is disabled`
  }`;
  return {
    class: PORT_CLASSES[protocol],
    protocol,
    declaredBy: 'sidecar',
    ...(tls === undefined ? {} : { tls }),
    says,
    provenance: provenanceOf(sidecar, `spec.ingress[${index}]`, says),
  };
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
    return listenerOfServices(port, ofService);
  }
  const index = ingress.findIndex(item => item.port?.number === port);
  if (index >= 0) {
    return listedPort(sidecar, index, ingress[index], port, tlsOnIngress);
  }
  return ofService !== undefined && mergesServices(snapshot, server)
    ? mergedListener(sidecar, port, ofService)
    : unlistedPort(sidecar, port);
}
