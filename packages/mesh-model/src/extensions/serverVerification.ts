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
  controlPlaneVersionOf,
  isOlder,
  systemNamespaceOf,
} from '../identity';
import type { ClientTlsSettings } from '../objects';
import type { MeshSnapshot } from '../snapshot';

/** Whether a client that originates TLS verifies the certificate of the server. */
export interface ServerVerification {
  state: 'verified' | 'not-verified' | 'unknown' | 'not-applicable';
  /** one sentence */
  says: string;
}

/** From this version on, a client without `caCertificates` verifies against the CAs of its operating system. */
const SYSTEM_CAS_SINCE = { major: 1, minor: 21 };

/**
 * Does a client verify the server with the TLS settings of a DestinationRule? Without `caCertificates` current control
 * planes use the CAs of the operating system, older ones verify nothing; so the answer depends on the version, and on
 * VERIFY_CERTIFICATE_AT_CLIENT where it is set. R6.15
 *
 * @param revision - of the control plane that configures the client
 */
export function serverVerificationOf(
  snapshot: MeshSnapshot,
  tls: ClientTlsSettings,
  revision?: string,
): ServerVerification {
  if (tls.mode === 'ISTIO_MUTUAL') {
    return {
      state: 'verified',
      says: 'Mutual TLS of the mesh verifies the identity of the server',
    };
  }
  if (tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL') {
    return { state: 'not-applicable', says: 'No TLS is originated' };
  }
  if (tls.insecureSkipVerify === true) {
    return {
      state: 'not-verified',
      says: 'insecureSkipVerify is true: any certificate is accepted',
    };
  }
  if ((tls.caCertificates ?? '') !== '' || (tls.credentialName ?? '') !== '') {
    return {
      state: 'verified',
      says: 'The certificate is verified against the CA that is configured',
    };
  }
  const flags = controlPlaneFlagsOf(
    snapshot,
    systemNamespaceOf(snapshot),
    revision,
  );
  const version = controlPlaneVersionOf(snapshot, revision);
  if (flags.values.VERIFY_CERTIFICATE_AT_CLIENT === undefined && !version) {
    return {
      state: 'unknown',
      says: 'Without caCertificates it depends on the version of the control plane, which is not known: from 1.21 on the CAs of the operating system verify it, before that nothing does',
    };
  }
  const byVersion =
    version !== undefined && !isOlder(version, SYSTEM_CAS_SINCE);
  return booleanFlag(flags, 'VERIFY_CERTIFICATE_AT_CLIENT', byVersion)
    ? {
        state: 'verified',
        says: 'Without caCertificates the CAs of the operating system verify the certificate',
      }
    : {
        state: 'not-verified',
        says: 'Without caCertificates this control plane has clients accept any certificate: set caCertificates',
      };
}
