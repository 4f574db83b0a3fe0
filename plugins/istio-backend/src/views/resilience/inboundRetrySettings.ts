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

import type { EffectiveSetting } from '@mesh-portal/backstage-plugin-istio-common';
import {
  inboundRetriesOfPort,
  type InboundRetries,
} from '@mesh-portal/mesh-model';
import type { RoutedInput } from '../routedInput';
import { originInWords } from './settingOrigin';

const SETTING = 'retries by the server’s sidecar';

function valueOf({ state, attempts, retryOn }: InboundRetries): string {
  return state === 'retries' ? `${attempts} attempts, on ${retryOn}` : state;
}

/** What the sidecars of the service itself retry, once where all do the same; nothing where none reads HTTP. R5.25 */
export function inboundRetrySettings(
  { cluster, kubernetes }: RoutedInput,
  port: number,
): EffectiveSetting[] {
  const declared = kubernetes?.service.spec.ports.find(
    each => each.port === port && each.protocol !== 'UDP',
  );
  if (kubernetes === undefined || declared === undefined) {
    return [];
  }
  const found = inboundRetriesOfPort(
    cluster.snapshot,
    kubernetes.service,
    declared,
  );
  const alike = new Set(found.map(({ retries }) => retries.says)).size <= 1;
  return (alike ? found.slice(0, 1) : found).map(({ workload, retries }) => ({
    setting: alike ? SETTING : `${SETTING} (${workload.name})`,
    value: valueOf(retries),
    isDefault: retries.origin === 'default',
    from: originInWords(retries),
    ...(retries.provenance === undefined
      ? {}
      : { provenance: retries.provenance }),
  }));
}
