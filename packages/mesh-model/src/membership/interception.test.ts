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

import { inboundInterception, outboundInterception } from './interception';

const traffic = (name: string, value: string) => ({
  [`traffic.sidecar.istio.io/${name}`]: value,
});

describe('which connections pass the sidecar', () => {
  it.each([
    [{}, 'intercepted'],
    [traffic('excludeInboundPorts', '9090, 8080'), 'bypassed'],
    [traffic('excludeInboundPorts', '9090'), 'intercepted'],
    [traffic('includeInboundPorts', '8080'), 'intercepted'],
    [traffic('includeInboundPorts', '9090'), 'bypassed'],
    [traffic('includeInboundPorts', ''), 'bypassed'],
    [{ 'sidecar.istio.io/interceptionMode': 'NONE' }, 'bypassed'],
  ])('to port 8080 of a pod with %j: %s', (annotations, state) => {
    expect(inboundInterception(annotations, 8080).state).toBe(state);
  });

  it.each([
    [{}, '10.0.0.1', 'intercepted'],
    [traffic('excludeOutboundPorts', '80'), '10.0.0.1', 'bypassed'],
    [traffic('excludeOutboundIPRanges', '10.0.0.0/8'), '10.0.0.1', 'bypassed'],
    [
      traffic('includeOutboundIPRanges', '10.0.0.0/8'),
      '10.0.0.1',
      'intercepted',
    ],
    [traffic('includeOutboundIPRanges', '10.0.0.0/8'), '192.0.2.1', 'bypassed'],
    [
      {
        ...traffic('includeOutboundIPRanges', '10.0.0.0/8'),
        ...traffic('includeOutboundPorts', '80'),
      },
      '192.0.2.1',
      'intercepted',
    ],
    [traffic('excludeOutboundIPRanges', '10.0.0.0/8'), undefined, 'unknown'],
  ])(
    'from a pod with %j to port 80 of %s: %s',
    (annotations, address, state) => {
      expect(
        outboundInterception(annotations, {
          port: 80,
          ...(address === undefined ? {} : { address }),
        }).state,
      ).toBe(state);
    },
  );
});
