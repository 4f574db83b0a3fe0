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

import type { ExposurePath } from '../exposure';

/** Does TLS pass through the gateway, so that it sees no request? R7.8 */
export function passesTlsThrough({
  tlsMode,
}: Pick<ExposurePath, 'tlsMode'>): boolean {
  return tlsMode === 'PASSTHROUGH' || tlsMode === 'AUTO_PASSTHROUGH';
}

/** Does the gateway read requests there, and not only bytes? R7.6, R7.8 */
export function isRoutedAsHttp(
  path: Pick<ExposurePath, 'protocol' | 'tlsMode'>,
): boolean {
  const protocol = path.protocol.toUpperCase();
  return (
    !passesTlsThrough(path) &&
    (protocol.startsWith('HTTP') || protocol.startsWith('GRPC'))
  );
}
