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

import { defaultClient } from '../membership';
import { mesh } from '../testing';
import { scopeOf } from '../scoping';

const entry = (name: string, namespace: string, created: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: "${created}"}
spec: {hosts: [api.example.com], ports: [{number: 443, name: tls, protocol: TLS}]}
---`;
const SECOND = '2024-01-01T00:00:01Z';

describe('several definitions of one host', () => {
  const chosen = (objects: string) =>
    scopeOf(mesh`${objects}`, defaultClient('web')).serviceOf('api.example.com')
      ?.namespace;

  it('R1.4: of ServiceEntries of the same second the namespace decides, whatever their names', () => {
    expect(
      chosen(`${entry('a', 'zeta', SECOND)}${entry('b', 'alpha', SECOND)}`),
    ).toBe('alpha');
  });

  it('R1.4: an older ServiceEntry goes first', () => {
    expect(
      chosen(
        `${entry('a', 'zeta', '2024-01-01T00:00:00Z')}${entry(
          'b',
          'alpha',
          SECOND,
        )}`,
      ),
    ).toBe('zeta');
  });
});
