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

import { listenerConflicts } from './listenerConflicts';

const on = (protocol: string, hostname?: string, port = 443) => ({
  protocol,
  port,
  ...(hostname === undefined ? {} : { hostname }),
});

describe('listeners of one Gateway on one port (R7.14)', () => {
  it('stand side by side when their hosts differ, whatever their protocols', () => {
    expect(
      listenerConflicts([
        on('HTTPS', 'a.example.com'),
        on('TLS', 'b.example.com'),
        on('HTTPS'),
        on('HTTPS', 'a.example.com', 8443),
      ]),
    ).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('conflict by host with one protocol, by protocol with two', () => {
    expect(
      listenerConflicts([on('HTTP'), on('HTTP', ''), on('HTTPS')]),
    ).toEqual([undefined, 'HostnameConflict', 'ProtocolConflict']);
  });

  it('conflict by protocol when one takes connections without host names', () => {
    expect(listenerConflicts([on('TCP'), on('TCP'), on('HTTP', 'a')])).toEqual([
      undefined,
      'ProtocolConflict',
      'ProtocolConflict',
    ]);
  });

  it('a listener that lost does not block others', () => {
    expect(
      listenerConflicts([
        on('HTTP', 'a.example.com'),
        on('TCP'),
        on('HTTP', 'b.example.com'),
      ]),
    ).toEqual([undefined, 'ProtocolConflict', undefined]);
  });
});
