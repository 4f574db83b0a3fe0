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

import type { ServerTlsSettings } from '../objects';
import type { ServedGateway } from './gatewayServers';

/** Who a gateway's pods are. */
export interface GatewayIdentity {
  namespace: string;
  serviceAccount: string;
}

/** A Secret as a server names it. */
interface SecretName {
  namespace: string;
  name: string;
}

const CREDENTIAL = /^kubernetes-gateway:\/\/([^/]+)\/(.+)$/;
const BUILT_IN = 'builtin://';
const AUTHORITIES = '-cacert';

function credentialsOf(tls: ServerTlsSettings | undefined): string[] {
  const several = tls?.credentialNames ?? [];
  return (
    several.length > 0 ? [...several] : [tls?.credentialName ?? '']
  ).filter(name => name !== '' && !name.startsWith(BUILT_IN));
}

/** A credential that is no reference names a Secret of the namespace in which the gateway's pods run. R7.9 */
function secretOf(credential: string, namespace: string): SecretName {
  const found = CREDENTIAL.exec(credential);
  return found === null
    ? { namespace, name: credential }
    : { namespace: found[1], name: found[2] };
}

/**
 * The Secrets that istiod hands to a gateway's pods: those of the namespace the pods run in, and of others where a
 * ReferenceGrant allows it, and only to the service account that the Gateway expects. R7.17
 *
 * @param expectedAccount - of the Gateway's pods; `''` when any will do
 * @param parentNamespace - of the Gateway to which a ListenerSet adds its listeners
 */
export function grantedCredentials(
  { gateway }: ServedGateway,
  identity: GatewayIdentity | undefined,
  expected: { account: string; parentNamespace?: string },
  isGranted: (secret: SecretName, fromNamespace: string) => boolean,
): string[] {
  const { namespace } = gateway.metadata;
  const home = expected.parentNamespace ?? namespace;
  if (
    identity === undefined ||
    identity.namespace !== home ||
    (expected.account !== '' && expected.account !== identity.serviceAccount)
  ) {
    return [];
  }
  const granted = new Set<string>();
  const allow = (credential: string): string | undefined => {
    const secret = secretOf(credential, namespace);
    return secret.namespace === namespace || isGranted(secret, namespace)
      ? `kubernetes-gateway://${secret.namespace}/${secret.name}`
      : undefined;
  };
  for (const { tls } of gateway.spec.servers ?? []) {
    for (const credential of credentialsOf(tls)) {
      const name = allow(credential);
      if (name !== undefined) {
        granted.add(name);
        if (tls?.mode === 'MUTUAL' || tls?.mode === 'OPTIONAL_MUTUAL') {
          granted.add(`${name}${AUTHORITIES}`);
        }
      }
    }
    const authority = tls?.caCertCredentialName ?? '';
    if (authority.startsWith('kubernetes-gateway://')) {
      const name = allow(authority);
      if (name !== undefined) {
        granted.add(name);
      }
    }
  }
  return [...granted];
}
