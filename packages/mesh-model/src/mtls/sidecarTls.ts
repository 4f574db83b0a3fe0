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

import { proxyOfPod } from '../membership/podProxy';
import { inboundListenerOf } from '../scoping/sidecarIngress';
import type { MeshSnapshot } from '../snapshot';
import type { Provenance } from '../verdict';
import type { EndpointSide } from './transport';

/** A connection to a port where a Sidecar ends TLS with a certificate of its own. */
export interface SidecarTls {
  /** `true`: no TLS is sent, and the connection is reset; otherwise it is not known whether the sender takes the certificate */
  refused: boolean;
  /** one sentence or two */
  says: string;
  /** the port in `Sidecar.ingress` */
  by?: Provenance;
}

/**
 * What becomes of a connection to a port where a Sidecar ends TLS with a certificate of its own: only where mesh TLS is
 * disabled, and only with istiod’s `ENABLE_TLS_ON_SIDECAR_INGRESS`. R3.8
 *
 * @param plaintext - neither the sender’s proxy nor its application sends TLS
 * @returns `undefined` when no Sidecar ends TLS there
 */
export function sidecarTlsAt(
  snapshot: MeshSnapshot,
  { pod, targetPort, server }: EndpointSide,
  plaintext: boolean,
): SidecarTls | undefined {
  if (server.mode !== 'DISABLE') {
    return undefined;
  }
  const { proxy, revision } = proxyOfPod(pod);
  if (proxy !== 'sidecar' && proxy !== 'native-sidecar') {
    return undefined;
  }
  const { namespace, labels } = pod.metadata;
  const listener = inboundListenerOf(
    snapshot,
    {
      namespace,
      labels,
      serviceAccount: pod.spec.serviceAccountName,
      proxy,
      ...(revision === undefined ? {} : { revision }),
    },
    targetPort,
    undefined,
  );
  return listener.tls === undefined
    ? undefined
    : {
        refused: plaintext,
        says: `${listener.says}. ${
          plaintext
            ? 'Plaintext is not taken there: the connection is reset'
            : 'Whether the sender accepts that certificate, and shows one of its own, is not known'
        }`,
        ...(listener.provenance && { by: listener.provenance }),
      };
}
