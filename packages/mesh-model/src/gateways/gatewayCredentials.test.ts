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

import { objectsFromYaml } from '../testing';
import { grantedCredentials } from './gatewayCredentials';

function served(tls: string) {
  const [gateway] = objectsFromYaml(`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: edge}
spec: {servers: [{port: {number: 443, protocol: HTTPS, name: https}, hosts: ["*"], tls: ${tls}}]}`);
  if (gateway?.kind !== 'Gateway') {
    throw new Error('Not a Gateway');
  }
  return { gateway };
}

const OWN = { namespace: 'edge', serviceAccount: 'gw' };
const granted = (
  tls: string,
  identity: typeof OWN | undefined = OWN,
  account = 'gw',
) =>
  grantedCredentials(
    served(tls),
    identity,
    { account },
    ({ namespace }) => namespace === 'certs',
  );

describe('certificates that istiod hands to a gateway', () => {
  it('R7.17: those of its own namespace, and of others where a grant allows it', () => {
    expect(granted('{mode: SIMPLE, credentialName: c}')).toEqual([
      'kubernetes-gateway://edge/c',
    ]);
    expect(
      granted(
        '{mode: SIMPLE, credentialNames: ["kubernetes-gateway://certs/a", "kubernetes-gateway://other/b"]}',
      ),
    ).toEqual(['kubernetes-gateway://certs/a']);
  });

  it('with the authorities of clients where clients must show a certificate', () => {
    expect(
      granted(
        '{mode: MUTUAL, credentialName: c, caCertCredentialName: "kubernetes-gateway://edge/d-cacert"}',
      ),
    ).toEqual([
      'kubernetes-gateway://edge/c',
      'kubernetes-gateway://edge/c-cacert',
      'kubernetes-gateway://edge/d-cacert',
    ]);
  });

  it('none to pods of another namespace or service account, or without identity', () => {
    const tls = '{mode: SIMPLE, credentialName: c}';
    expect(granted(tls, { ...OWN, namespace: 'shop' })).toEqual([]);
    expect(granted(tls, { ...OWN, serviceAccount: 'other' })).toEqual([]);
    expect(granted(tls, { ...OWN, serviceAccount: 'other' }, '')).toHaveLength(
      1,
    );
    expect(
      grantedCredentials(served(tls), undefined, { account: '' }, () => true),
    ).toEqual([]);
  });
});
