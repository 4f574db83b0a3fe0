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

import type { SignalsService } from '@mesh-portal/backstage-plugin-istio-common';
import { formatShare } from '../format';

type Containers = SignalsService['saturation']['containers'];

function worst(
  containers: Containers,
  key: 'cpuOfLimit' | 'memoryOfLimit' | 'throttledShare',
): string | undefined {
  let top: { share: number; container: string; pod: string } | undefined;
  for (const container of containers) {
    const share = container[key];
    if (share !== undefined && (!top || share > top.share)) {
      top = { share, container: container.container, pod: container.pod };
    }
  }
  return top && `${formatShare(top.share)} (${top.container} in ${top.pod})`;
}

/**
 * The fullest container of a service in one sentence.
 *
 * @returns undefined where no container metrics exist
 */
export function saturationSentence(
  saturation: SignalsService['saturation'],
): string | undefined {
  if (saturation.state === 'unavailable') {
    return undefined;
  }
  const cpu = worst(saturation.containers, 'cpuOfLimit');
  const memory = worst(saturation.containers, 'memoryOfLimit');
  const throttled = worst(saturation.containers, 'throttledShare');
  const parts = [
    cpu && `CPU ${cpu}`,
    memory && `memory ${memory}`,
    throttled && `throttled ${throttled}`,
  ].filter(Boolean);
  return parts.length === 0
    ? 'Saturation: no container has a limit.'
    : `Fullest of its limit: ${parts.join('; ')}`;
}
