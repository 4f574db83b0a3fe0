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

import { serviceHostname } from '../../identity';
import type {
  ClientTlsSettings,
  LocalPolicyTargetReference,
  SlimObjectByKind,
} from '../../objects';
import type { Fault } from './conditions';
import { ISTIO_NETWORKING, type References } from './references';

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

/** What a policy is about: a Service or a ServiceEntry, with the host names it stands for. */
export interface BackendTarget {
  kind: 'Service' | 'ServiceEntry';
  namespace: string;
  name: string;
  hosts: readonly string[];
  ports: readonly { name: string; port: number }[];
}

function referred(
  { group = '', kind, name }: LocalPolicyTargetReference,
  namespace: string,
  references: References,
): BackendTarget | undefined | 'foreign' {
  if (kind === 'Service' && (group === '' || group === 'core')) {
    const service = references.service(namespace, name);
    return (
      service && {
        kind,
        namespace,
        name,
        hosts: [serviceHostname(name, namespace, references.clusterDomain)],
        ports: service.ports,
      }
    );
  }
  if (kind === 'ServiceEntry' && group === ISTIO_NETWORKING) {
    const entry = references.serviceEntry(namespace, name);
    return entry && { kind, namespace, name, ...entry };
  }
  return 'foreign';
}

/**
 * What a policy's reference leads to, or why it leads nowhere: a Service, and for TLS a ServiceEntry too; a section is the
 * name of one of its ports. R7.25
 */
export function backendTarget(
  reference: LocalPolicyTargetReference,
  namespace: string,
  kinds: readonly BackendTarget['kind'][],
  references: References,
): BackendTarget | { fault: Fault } {
  const nowhere = (message: string) => ({
    fault: { reason: 'TargetNotFound', message },
  });
  const { kind, name, sectionName = '' } = reference;
  const target = referred(reference, namespace, references);
  if (
    target === 'foreign' ||
    !kinds.some(permitted => permitted === reference.kind)
  ) {
    return nowhere(
      `A ${kind} cannot be the target; name a ${kinds.join(' or ')}`,
    );
  }
  if (target === undefined) {
    return nowhere(`There is no ${kind} ${namespace}/${name}`);
  }
  return sectionName === '' ||
    target.ports.some(port => port.name === sectionName)
    ? target
    : nowhere(`${kind} ${namespace}/${name} has no port named ${sectionName}`);
}

function isOlder(a: BackendTLSPolicy, b: BackendTLSPolicy): boolean {
  const [first, second] = [a.metadata, b.metadata];
  return first.createdAt === second.createdAt
    ? first.name < second.name
    : first.createdAt < second.createdAt;
}

/** Is an older policy about the same target and section? Policies are told apart by their `uid`. R7.25 */
export function isConflicted(
  policy: BackendTLSPolicy,
  target: LocalPolicyTargetReference,
  all: readonly BackendTLSPolicy[],
): boolean {
  return all.some(
    other =>
      other.metadata.uid !== policy.metadata.uid &&
      other.metadata.namespace === policy.metadata.namespace &&
      isOlder(other, policy) &&
      (other.spec.targetRefs ?? []).some(
        item =>
          item.kind === target.kind &&
          item.name === target.name &&
          (item.group ?? '') === (target.group ?? '') &&
          item.sectionName === target.sectionName,
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
