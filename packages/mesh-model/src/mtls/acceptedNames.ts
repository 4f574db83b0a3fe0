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

import type { ClientTlsChoice } from '../destinations';
import { meshConfigOf, spiffeId } from '../identity';
import type { MeshObject, SlimObjectByKind } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';

/** The names of which a server's certificate must have one. */
export interface AcceptedNames {
  /** compared as they are; empty: the name in the request's Host header */
  names: readonly string[];
  /** one sentence */
  says: string;
  /** Absent where nobody wrote them. */
  by?: Provenance;
}

function written(
  names: readonly string[],
  object: MeshObject,
  path: string,
): AcceptedNames {
  const says = `${object.kind} ${object.metadata.namespace}/${
    object.metadata.name
  } accepts only a certificate for ${names.join(' or ')}`;
  return { names, says, by: provenanceOf(object, path, says) };
}

/**
 * The names that a client accepts in the certificate of a server, beside the CA: `subjectAltNames` of the DestinationRule,
 * else those of the ServiceEntry of the host, else the host that is asked for. Mutual TLS of the mesh looks at a
 * ServiceEntry's only where the mesh decides by itself. R8.15
 *
 * @param tls - what the DestinationRule in effect says of TLS
 * @param service - the Service or ServiceEntry of the host
 * @returns `undefined` where no TLS is originated, nothing is verified, or the identities of the service itself are accepted
 */
export function acceptedNamesOf(
  tls: ClientTlsChoice,
  service: MeshObject | undefined,
): AcceptedNames | undefined {
  const { settings, brokenBecause } = tls;
  if (settings === undefined || brokenBecause !== undefined) {
    return undefined;
  }
  const {
    mode,
    subjectAltNames = [],
    sni = '',
    insecureSkipVerify,
  } = settings.value;
  const originates = mode === 'SIMPLE' || mode === 'MUTUAL';
  if (!originates && mode !== 'ISTIO_MUTUAL') {
    return undefined;
  }
  if (originates && insecureSkipVerify === true) {
    return undefined;
  }
  if (subjectAltNames.length > 0) {
    return written(
      subjectAltNames,
      settings.object,
      `${settings.path}.subjectAltNames`,
    );
  }
  if (!originates) {
    return undefined;
  }
  const ofEntry =
    service?.kind === 'ServiceEntry' ? service.spec.subjectAltNames ?? [] : [];
  if (service !== undefined && ofEntry.length > 0) {
    return written(ofEntry, service, 'spec.subjectAltNames');
  }
  return sni === ''
    ? {
        names: [],
        says: 'Only a certificate for the host of the request is accepted (from Istio 1.21 on)',
      }
    : undefined;
}

/** What becomes of TLS because of the names in the server's certificate. */
export interface NameMismatch {
  state: 'refused' | 'unknown';
  /** one sentence */
  says: string;
  by?: Provenance;
}

/**
 * Does a pod's certificate have one of the names that its client was told to accept? A sidecar shows the identity of the mesh;
 * what an application shows is not known. Where nobody wrote names, nothing is said. R8.15, R1.7
 *
 * @param ofMesh - the server ends mutual TLS of the mesh
 */
export function nameMismatch(
  snapshot: MeshSnapshot,
  accepted: AcceptedNames | undefined,
  pod: SlimObjectByKind['Pod'],
  ofMesh: boolean,
): NameMismatch | undefined {
  if (accepted?.by === undefined) {
    return undefined;
  }
  const { names, says, by } = accepted;
  if (!ofMesh) {
    return {
      state: 'unknown',
      says: `${says}; which names the certificate of the application has is not known`,
      by,
    };
  }
  const identity = spiffeId(
    meshConfigOf(snapshot).trustDomain,
    pod.metadata.namespace,
    pod.spec.serviceAccountName,
  );
  return names.includes(identity)
    ? undefined
    : {
        state: 'refused',
        says: `${says}, and the server is ${identity}: the handshake fails (CERTIFICATE_VERIFY_FAILED)`,
        by,
      };
}
