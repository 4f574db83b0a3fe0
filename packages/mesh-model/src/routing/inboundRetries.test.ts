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

import { istiodYaml, mesh } from '../testing';
import { inboundRetriesOf, type InboundProxy } from './inboundRetries';

const meshConfig = (text: string) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: '${text}'}
---`;

const NEW = istiodYaml({ image: 'istio/pilot:1.27.0' });

const retries = (yaml: string, proxy: InboundProxy = { version: '1.27.0' }) =>
  inboundRetriesOf(mesh`${yaml}`, proxy);

describe('retries of the server’s own sidecar (R5.25)', () => {
  it('R5.25: are two, of what was reset before the application got it', () => {
    expect(retries(NEW, { version: '1.27.0', protocol: 'http' })).toMatchObject(
      {
        state: 'retries',
        attempts: 2,
        retryOn: 'reset-before-request',
        origin: 'default',
      },
    );
  });

  it('R5.25: are none for gRPC, whatever the version', () => {
    for (const protocol of ['grpc', 'grpc-web'] as const) {
      expect(retries('', { protocol }).state).toBe('none');
    }
  });

  it('R5.25: are none before 1.24, of istiod or of the proxy', () => {
    expect(retries(istiodYaml({ image: 'istio/pilot:1.23.0' })).state).toBe(
      'none',
    );
    expect(retries(NEW, { version: '1.23.5' }).state).toBe('none');
  });

  it('R5.25: follow ENABLE_INBOUND_RETRY_POLICY', () => {
    const set = (version: string, ENABLE_INBOUND_RETRY_POLICY: string) =>
      retries(
        istiodYaml({
          image: `istio/pilot:${version}`,
          env: { ENABLE_INBOUND_RETRY_POLICY },
        }),
      );
    expect(set('1.27.0', 'false')).toMatchObject({
      state: 'none',
      says: expect.stringContaining('ENABLE_INBOUND_RETRY_POLICY=false'),
    });
    expect(set('latest', 'true').state).toBe('retries');
  });

  it('R5.25: are unknown where the version of istiod or of the proxy is', () => {
    expect(retries('').state).toBe('unknown');
    expect(retries(NEW, {}).state).toBe('unknown');
    expect(retries(NEW, { version: 'latest' }).state).toBe('unknown');
  });

  it('R5.25: are those of defaultInboundHttpRetryPolicy where the mesh configuration has it', () => {
    expect(
      retries(
        NEW +
          meshConfig(
            'defaultInboundHttpRetryPolicy: {attempts: 5, retryOn: reset}',
          ),
      ),
    ).toMatchObject({
      state: 'retries',
      attempts: 5,
      retryOn: 'reset',
      origin: 'mesh-config',
      provenance: { path: 'data.mesh: defaultInboundHttpRetryPolicy' },
    });
    expect(
      retries(NEW + meshConfig('defaultInboundHttpRetryPolicy: {attempts: 0}')),
    ).toMatchObject({ state: 'none', origin: 'mesh-config' });
  });
});
