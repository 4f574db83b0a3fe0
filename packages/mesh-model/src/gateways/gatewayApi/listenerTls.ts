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
  FrontendTls,
  K8sGatewaySpec,
  K8sListener,
  SecretReference,
  ServerTlsSettings,
  StringMap,
} from '../../objects';
import { SUPPORTED_CIPHER_SUITES } from '../../validation/serverTls';
import { joinedFaults, type Fault } from './conditions';
import { GATEWAY_API, type References } from './references';

/** What owns a listener. */
export interface ListenerOwner {
  kind: 'Gateway' | 'ListenerSet';
  namespace: string;
  labels: StringMap;
}

/** The TLS settings of a listener's server, or why it has none. */
export interface ListenerTls {
  settings?: ServerTlsSettings;
  fault?: Fault;
}

const TERMINATE_MODE = 'gateway.istio.io/tls-terminate-mode';
const LISTENER_PROTOCOL = 'gateway.istio.io/listener-protocol';
const CIPHER_SUITES = 'gateway.istio.io/tls-cipher-suites';
const NETWORK = 'topology.istio.io/network';
const GATEWAY_PORT = 'networking.istio.io/gatewayPort';
const CROSS_NETWORK_PORT = '15443';

function written(reference: SecretReference): string {
  return `${reference.group ?? ''}/${reference.kind ?? ''}/${reference.name}.${
    reference.namespace ?? ''
  }`;
}

function isReadable(
  owner: ListenerOwner,
  kind: 'Secret' | 'ConfigMap',
  namespace: string,
  name: string,
  references: References,
): boolean {
  return (
    namespace === owner.namespace ||
    references.isGranted({
      from: {
        group: GATEWAY_API,
        kind: owner.kind,
        namespace: owner.namespace,
      },
      to: { group: '', kind, namespace, name },
    })
  );
}

function notPermitted(
  owner: ListenerOwner,
  kind: 'Secret' | 'ConfigMap',
  namespace: string,
  name: string,
): Fault {
  return {
    reason: 'RefNotPermitted',
    message: `No ReferenceGrant in namespace ${namespace} lets ${owner.kind}s of namespace ${owner.namespace} use ${kind} ${name}`,
  };
}

function serverCertificate(
  reference: SecretReference,
  owner: ListenerOwner,
  references: References,
): { credential: string } | { fault: Fault } {
  const namespace = reference.namespace ?? owner.namespace;
  const invalid = (why: string) => ({
    fault: {
      reason: 'InvalidCertificateRef',
      message: `The certificate ${written(reference)} cannot be used: ${why}`,
    },
  });
  if (
    (reference.kind ?? 'Secret') !== 'Secret' ||
    (reference.group ?? '') !== ''
  ) {
    return invalid('it is not a Secret');
  }
  if (!isReadable(owner, 'Secret', namespace, reference.name, references)) {
    return { fault: notPermitted(owner, 'Secret', namespace, reference.name) };
  }
  switch (references.secret(namespace, reference.name)) {
    case 'missing':
      return invalid(`there is no Secret ${namespace}/${reference.name}`);
    case 'malformed':
      return invalid('its content is no certificate with its key');
    default:
      return {
        credential: `kubernetes-gateway://${namespace}/${reference.name}`,
      };
  }
}

function clientAuthority(
  certificates: readonly SecretReference[],
  owner: ListenerOwner,
  references: References,
): { credential: string } | { fault: Fault } {
  const [reference] = certificates;
  const namespace = reference.namespace ?? owner.namespace;
  const invalid = (why: string, reason = 'InvalidCACertificateRef') => ({
    fault: {
      reason,
      message: `The clients' authority ${written(
        reference,
      )} cannot be used: ${why}`,
    },
  });
  if (certificates.length > 1) {
    return {
      fault: {
        reason: 'InvalidCACertificateRef',
        message: "Istio takes only one authority for clients' certificates",
      },
    };
  }
  const { kind } = reference;
  if (
    (reference.group ?? '') !== '' ||
    (kind !== 'Secret' && kind !== 'ConfigMap')
  ) {
    return invalid(
      'it is neither a Secret nor a ConfigMap',
      'InvalidCACertificateKind',
    );
  }
  if (!isReadable(owner, kind, namespace, reference.name, references)) {
    return { fault: notPermitted(owner, kind, namespace, reference.name) };
  }
  const state =
    kind === 'Secret'
      ? references.secret(namespace, reference.name)
      : references.configMap(namespace, reference.name);
  if (state === 'missing') {
    return invalid(`there is no ${kind} ${namespace}/${reference.name}`);
  }
  if (state === 'malformed' || state === 'without-ca') {
    return invalid('it holds no CA certificate');
  }
  const scheme = kind === 'Secret' ? 'kubernetes-gateway' : 'configmap';
  return { credential: `${scheme}://${namespace}/${reference.name}-cacert` };
}

/** Why proxies cannot show the certificate of `spec.tls.backend` to backends; `undefined` when they can, or need none. */
export function clientCertificateFault(
  owner: ListenerOwner,
  gatewayTls: K8sGatewaySpec['tls'],
  references: References,
): Fault | undefined {
  const reference = gatewayTls?.backend?.clientCertificateRef;
  if (reference === undefined) {
    return undefined;
  }
  const found = serverCertificate(reference, owner, references);
  if (!('fault' in found)) {
    return undefined;
  }
  const { reason, message } = found.fault;
  return reason === 'InvalidCertificateRef'
    ? { reason: 'InvalidClientCertificateRef', message }
    : found.fault;
}

/** Does a Gateway let clients in whose certificates are not valid, on any port? */
export function hasInsecureFrontend(tls: K8sGatewaySpec['tls']): boolean {
  const frontend = tls?.frontend;
  return [
    frontend?.default,
    ...(frontend?.perPort ?? []).map(item => item.tls),
  ].some(settings => settings?.validation?.mode === 'AllowInsecureFallback');
}

function frontendOf(
  tls: K8sGatewaySpec['tls'],
  port: number,
): FrontendTls | undefined {
  const frontend = tls?.frontend;
  const ofPort = frontend?.perPort?.find(item => item.port === port);
  return ofPort === undefined ? frontend?.default : ofPort.tls;
}

function cipherSuites(options: StringMap): string[] {
  return (options[CIPHER_SUITES] ?? '')
    .split(',')
    .map(suite => suite.trim())
    .filter(suite => SUPPORTED_CIPHER_SUITES.has(suite));
}

/** Does a listener pass connections between networks on by their server name? R7.8 */
function isAutoPassthrough(
  owner: ListenerOwner,
  listener: K8sListener,
): boolean {
  if (listener.tls?.options?.[LISTENER_PROTOCOL] === 'auto-passthrough') {
    return true;
  }
  return (
    owner.labels[NETWORK] !== undefined &&
    String(listener.port) === (owner.labels[GATEWAY_PORT] ?? CROSS_NETWORK_PORT)
  );
}

/** The option of the listener decides before the validation mode of the Gateway does. */
function clientVerification(
  option: ServerTlsSettings['mode'],
  fallback: boolean,
): Pick<ServerTlsSettings, 'mode' | 'insecureSkipVerify'> {
  if (option === 'SIMPLE' && fallback) {
    return { mode: 'OPTIONAL_MUTUAL', insecureSkipVerify: true };
  }
  return {
    mode: option === 'OPTIONAL_MUTUAL' ? option : 'MUTUAL',
    insecureSkipVerify: false,
  };
}

/** The settings with which the proxy shows its own certificate of the mesh: `certificateRefs` do not count. */
function builtInSettings(
  option: string | undefined,
): ServerTlsSettings | undefined {
  switch (option) {
    case 'ISTIO_SIMPLE':
      return { mode: 'SIMPLE', credentialName: 'builtin://' };
    case 'ISTIO_MUTUAL':
      return { mode: 'ISTIO_MUTUAL' };
    default:
      return undefined;
  }
}

function terminateMode(option: string | undefined): ServerTlsSettings['mode'] {
  return option === 'MUTUAL' || option === 'OPTIONAL_MUTUAL'
    ? option
    : 'SIMPLE';
}

/** The certificates that can be used, and what is wrong with the others. */
function serverCertificates(
  certificates: readonly SecretReference[],
  owner: ListenerOwner,
  references: References,
): { credentials: string[]; fault?: Fault } {
  if (certificates.length > 2) {
    return {
      credentials: [],
      fault: {
        reason: 'InvalidCertificateRef',
        message: 'Istio takes at most two certificates a listener',
      },
    };
  }
  const credentials: string[] = [];
  let fault: Fault | undefined;
  for (const reference of certificates) {
    const found = serverCertificate(reference, owner, references);
    if ('fault' in found) {
      fault = joinedFaults(fault, found.fault);
    } else {
      credentials.push(found.credential);
    }
  }
  return { credentials, fault };
}

/** Adds the authority for the certificates of clients, where the Gateway names one for the port. */
function withClientAuthority(
  settings: ServerTlsSettings,
  frontend: FrontendTls | undefined,
  owner: ListenerOwner,
  references: References,
): ListenerTls {
  const authorities = frontend?.validation?.caCertificateRefs ?? [];
  if (authorities.length === 0) {
    return { settings };
  }
  const authority = clientAuthority(authorities, owner, references);
  if ('fault' in authority) {
    return authority;
  }
  return {
    settings: {
      ...settings,
      ...clientVerification(
        settings.mode,
        frontend?.validation?.mode === 'AllowInsecureFallback',
      ),
      caCertCredentialName: authority.credential,
    },
  };
}

/** TLS that ends at the gateway. One certificate that can be used is enough. */
function terminated(
  tls: NonNullable<K8sListener['tls']>,
  owner: ListenerOwner,
  frontend: FrontendTls | undefined,
  references: References,
  base: ServerTlsSettings,
): ListenerTls {
  const option = tls.options?.[TERMINATE_MODE];
  const builtIn = builtInSettings(option);
  if (builtIn !== undefined) {
    return { settings: builtIn };
  }
  const mode = terminateMode(option);
  const { credentials, fault } = serverCertificates(
    tls.certificateRefs ?? [],
    owner,
    references,
  );
  if (credentials.length === 0) {
    return fault === undefined ? { settings: { mode } } : { fault };
  }
  const settings: ServerTlsSettings = {
    ...base,
    mode,
    ...(credentials.length > 1
      ? { credentialNames: credentials }
      : { credentialName: credentials[0] }),
  };
  return withClientAuthority(settings, frontend, owner, references);
}

/** The TLS settings of a listener: server certificates, client authentication, pass-through. R7.8, R7.14, R7.17 */
export function listenerTls(
  listener: K8sListener,
  owner: ListenerOwner,
  gatewayTls: K8sGatewaySpec['tls'],
  references: References,
): ListenerTls {
  if (listener.tls === undefined) {
    return {};
  }
  const suites = cipherSuites(listener.tls.options ?? {});
  const base: ServerTlsSettings = {
    ...(suites.length === 0 ? {} : { cipherSuites: suites }),
  };
  if ((listener.tls.mode ?? 'Terminate') === 'Passthrough') {
    const mode = isAutoPassthrough(owner, listener)
      ? 'AUTO_PASSTHROUGH'
      : 'PASSTHROUGH';
    return { settings: { ...base, mode } };
  }
  return terminated(
    listener.tls,
    owner,
    frontendOf(gatewayTls, listener.port),
    references,
    base,
  );
}
