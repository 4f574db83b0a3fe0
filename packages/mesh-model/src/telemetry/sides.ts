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

import type { EnvoyProxy } from '../extensions';
import type { TelemetryMode } from '../objects';

/** Which end of a request a proxy reports: as the one who calls, or as the one who is called. */
export type TelemetrySide = 'client' | 'server';

/** The sides of a proxy: a sidecar has both, a gateway reports as a client, a waypoint as a server. R8.21 */
export function sidesOfProxy(proxy: EnvoyProxy): readonly TelemetrySide[] {
  switch (proxy.target.proxy) {
    case 'gateway':
      return ['client'];
    case 'waypoint':
      return ['server'];
    case 'ambient':
    case 'none':
      return [];
    default:
      return ['client', 'server'];
  }
}

/** Does a part with this mode concern a side? Without a mode it concerns both. */
export function modeConcerns(
  mode: TelemetryMode | undefined,
  side: TelemetrySide,
): boolean {
  return (
    mode === undefined ||
    mode === 'CLIENT_AND_SERVER' ||
    (mode === 'CLIENT') === (side === 'client')
  );
}
