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

import type {
  ClientTlsSettings,
  LocalPolicyTargetReference,
  SlimObjectByKind,
} from '../../objects';
import type { Fault } from './conditions';
import type { References } from './references';

/** TLS from proxies to a backend. */
export type BackendTLSPolicy = SlimObjectByKind['BackendTLSPolicy'];

/** TLS settings of a policy, and what is wrong with it. */
export interface BackendTls {
  settings: ClientTlsSettings;
  accepted?: Fault;
  resolved?: Fault;
}

/** A certificate that no proxy has: what uses it fails rather than going out unverified. */
const NO_CERTIFICATE = 'invalid://';

/** Why a policy's target does not exist; `undefined` when it does. Only Services can be targets. */
export function targetFault(
  target: LocalPolicyTargetReference,
  namespace: string,
  references: References,
): Fault | undefined {
  const fault = (why: string) => ({
    reason: 'TargetNotFound',
    message: why,
  });
  const group = target.group ?? '';
  if (target.kind !== 'Service' || (group !== '' && group !== 'core')) {
    return fault(`A ${target.kind} cannot be the target; name a Service`);
  }
  const service = references.service(namespace, target.name);
  if (service === undefined) {
    return fault(`There is no Service ${namespace}/${target.name}`);
  }
  const section = target.sectionName ?? '';
  return section === '' || service.ports.some(({ name }) => name === section)
    ? undefined
    : fault(`Service ${namespace}/${target.name} has no port named ${section}`);
}

/** Is an older policy about the same target and section? R7.25 */
export function isConflicted(
  policy: BackendTLSPolicy,
  target: LocalPolicyTargetReference,
  all: readonly BackendTLSPolicy[],
): boolean {
  return all.some(
    other =>
      other !== policy &&
      other.metadata.namespace === policy.metadata.namespace &&
      other.metadata.createdAt < policy.metadata.createdAt &&
      (other.spec.targetRefs ?? []).some(
        item =>
          item.kind === target.kind &&
          item.name === target.name &&
          (item.group ?? '') === (target.group ?? '') &&
          (item.sectionName ?? '') === (target.sectionName ?? ''),
      ),
  );
}

function authority(
  policy: BackendTLSPolicy,
  references: References,
): { credentialName?: string; accepted?: Fault; resolved?: Fault } {
  const { namespace } = policy.metadata;
  const { wellKnownCACertificates, caCertificateRefs = [] } =
    policy.spec.validation ?? {};
  if (wellKnownCACertificates !== undefined) {
    return wellKnownCACertificates === 'System'
      ? {}
      : {
          accepted: {
            reason: 'Invalid',
            message: `Istio does not know the certificates ${wellKnownCACertificates}; write System`,
          },
        };
  }
  const [reference] = caCertificateRefs;
  if (reference === undefined) {
    return {};
  }
  const { group = '', kind, name } = reference;
  const unusable = (reason: string, why: string) => ({
    credentialName: NO_CERTIFICATE,
    accepted: {
      reason: 'NoValidCACertificate',
      message: `The authority cannot be used: ${why}`,
    },
    resolved: { reason, message: `The authority cannot be used: ${why}` },
  });
  if (kind !== 'ConfigMap' || (group !== '' && group !== 'core')) {
    return unusable('InvalidKind', `a ${kind} is no ConfigMap`);
  }
  switch (references.configMap(namespace, name)) {
    case 'missing':
      return unusable(
        'InvalidCACertificateRef',
        `there is no ConfigMap ${namespace}/${name}`,
      );
    case 'without-ca':
      return unusable(
        'InvalidCACertificateRef',
        `ConfigMap ${namespace}/${name} holds no CA certificate`,
      );
    default:
      return { credentialName: `configmap://${namespace}/${name}` };
  }
}

/** The TLS that a policy asks of proxies towards its backend. R7.25 */
export function clientTlsOf(
  policy: BackendTLSPolicy,
  references: References,
): BackendTls {
  const { hostname, subjectAltNames = [] } = policy.spec.validation ?? {};
  const names = subjectAltNames.flatMap(({ type, hostname: host, uri }) =>
    type === 'URI' ? uri ?? [] : host ?? [],
  );
  const { credentialName, accepted, resolved } = authority(policy, references);
  return {
    settings: {
      mode: 'SIMPLE',
      ...(hostname === undefined ? {} : { sni: hostname }),
      ...(names.length === 0 ? {} : { subjectAltNames: names }),
      ...(credentialName === undefined ? {} : { credentialName }),
    },
    ...(accepted === undefined ? {} : { accepted }),
    ...(resolved === undefined ? {} : { resolved }),
  };
}
