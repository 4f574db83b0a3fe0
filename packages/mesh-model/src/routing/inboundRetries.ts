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
  meshConfigOf,
  parseVersion,
  protocolOfPort,
  systemNamespaceOf,
  type Protocol,
  type Version,
} from '../identity';
import { proxyOfPod, workloadsOfService } from '../membership';
import { targetPortOf } from '../mtls';
import type { SlimObjectByKind } from '../objects';
import { inboundListenerOf } from '../scoping/sidecarIngress';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type ObjectRef, type Provenance } from '../verdict';
import { isHttp, PORT_CLASSES } from './routableService';

/** A sidecar in front of an application, at one of its HTTP ports. */
export interface InboundProxy {
  /** of the control plane that configures it; left out: not known, the default one is asked */
  revision?: string;
  /** of the proxy's image, for example `1.27.0`; left out: not known */
  version?: string;
  /** as the port is declared */
  protocol?: Protocol;
}

/** What a server's own sidecar does with requests that did not reach the application. */
export interface InboundRetries {
  state: 'retries' | 'none' | 'unknown';
  attempts?: number;
  retryOn?: string;
  origin: 'mesh-config' | 'default';
  /** one sentence */
  says: string;
  provenance?: Provenance;
}

const FLAG = 'ENABLE_INBOUND_RETRY_POLICY';

/** Its default is on from this version of istiod on, and older proxies do not get it. */
const SINCE: Version = { major: 1, minor: 24 };

const CONDITION = 'reset-before-request';

type Decided = Omit<InboundRetries, 'origin'>;

function none(says: string): Decided {
  return { state: 'none', says };
}

function unknown(says: string): Decided {
  return { state: 'unknown', says };
}

/** Does istiod configure retries for this proxy at all? `undefined`: it does. */
function whyNot(
  snapshot: MeshSnapshot,
  { revision, version, protocol }: InboundProxy,
): Decided | undefined {
  if (protocol === 'grpc' || protocol === 'grpc-web') {
    return none('The sidecar of the server retries no gRPC');
  }
  const control = controlPlaneVersionOf(snapshot, revision);
  const flags = controlPlaneFlagsOf(
    snapshot,
    systemNamespaceOf(snapshot),
    revision ?? snapshot.revision,
  );
  const written = flags.values[FLAG];
  if (written === undefined && control === undefined) {
    return unknown(
      'Whether the sidecar of the server retries depends on the version of the control plane (from 1.24 on it does), which is not known',
    );
  }
  const byDefault = control === undefined || !isOlder(control, SINCE);
  if (!booleanFlag(flags, FLAG, byDefault)) {
    return none(
      written === undefined
        ? 'The sidecar of the server does not retry: the control plane is older than 1.24'
        : `The sidecar of the server does not retry: the control plane has ${FLAG}=${written}`,
    );
  }
  const ofProxy = parseVersion(version ?? '');
  if (ofProxy === undefined) {
    return unknown(
      'Whether the sidecar of the server retries depends on its version (from 1.24 on it does), which is not known',
    );
  }
  return isOlder(ofProxy, SINCE)
    ? none('The sidecar of the server does not retry: it is older than 1.24')
    : undefined;
}

/**
 * What a server's own sidecar retries: by default twice, requests whose connection was reset before the application got
 * them, and no gRPC; `defaultInboundHttpRetryPolicy` of the mesh configuration replaces it. Older control planes and proxies
 * retry nothing inbound. R5.25
 */
export function inboundRetriesOf(
  snapshot: MeshSnapshot,
  proxy: InboundProxy,
): InboundRetries {
  const { defaultInboundHttpRetryPolicy: policy, source } = meshConfigOf(
    snapshot,
    proxy.revision,
  );
  const not = whyNot(snapshot, proxy);
  if (not !== undefined) {
    return { ...not, origin: 'default' };
  }
  if (policy === undefined) {
    return {
      state: 'retries',
      attempts: 2,
      retryOn: CONDITION,
      origin: 'default',
      says: 'Default of Istio: the sidecar of the server retries twice what was reset before the application got it',
    };
  }
  const attempts = Math.max(0, policy.attempts ?? 0);
  const retryOn = policy.retryOn || CONDITION;
  const says =
    attempts === 0
      ? 'defaultInboundHttpRetryPolicy of the mesh configuration switches off the retries of the server’s sidecar'
      : `defaultInboundHttpRetryPolicy of the mesh configuration: the sidecar of the server retries up to ${attempts} times on ${retryOn}`;
  return {
    ...(attempts === 0
      ? { state: 'none' as const }
      : { state: 'retries' as const, attempts, retryOn }),
    origin: 'mesh-config',
    says,
    ...(source === undefined
      ? {}
      : {
          provenance: provenanceOf(
            source,
            'data.mesh: defaultInboundHttpRetryPolicy',
            says,
          ),
        }),
  };
}

/** The sidecars of one workload that retry alike. */
export interface RetryingWorkload {
  workload: ObjectRef;
  retries: InboundRetries;
}

/**
 * What the sidecars behind a port of a Service retry, each kind of them once a workload; empty where the port carries no
 * HTTP, or nothing with a sidecar is behind it. `Sidecar.ingress` may declare the port otherwise. R5.25, R8.11
 */
export function inboundRetriesOfPort(
  snapshot: MeshSnapshot,
  service: SlimObjectByKind['Service'],
  port: SlimObjectByKind['Service']['spec']['ports'][number],
): RetryingWorkload[] {
  const ofService = protocolOfPort(port);
  return workloadsOfService(snapshot, service).flatMap(({ ref, pods }) => {
    const kinds = new Map<string, RetryingWorkload>();
    for (const pod of pods) {
      const { proxy, revision, version } = proxyOfPod(pod);
      const targetPort = targetPortOf(port, pod);
      if (
        targetPort === undefined ||
        (proxy !== 'sidecar' && proxy !== 'native-sidecar')
      ) {
        continue;
      }
      const listener = inboundListenerOf(
        snapshot,
        {
          namespace: pod.metadata.namespace,
          labels: pod.metadata.labels,
          serviceAccount: pod.spec.serviceAccountName,
          proxy,
          ...(revision === undefined ? {} : { revision }),
        },
        targetPort,
        PORT_CLASSES[ofService],
      );
      if (!isHttp(listener.class)) {
        continue;
      }
      const protocol =
        listener.declaredBy === 'service' ? ofService : listener.protocol;
      const retries = inboundRetriesOf(snapshot, {
        ...(revision === undefined ? {} : { revision }),
        ...(version === undefined ? {} : { version }),
        ...(protocol === undefined ? {} : { protocol }),
      });
      kinds.set(retries.says, { workload: ref, retries });
    }
    return [...kinds.values()];
  });
}
