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

/** Below this share of throttled periods a container is not held back noticeably. */
const NOTABLE_THROTTLING = 0.05;

interface Worst {
  share: number;
  /** The share and the container it is of. */
  words: string;
}

function worst(
  containers: Containers,
  key: 'cpuOfLimit' | 'memoryOfLimit' | 'throttledShare',
  subject: string,
): Worst | undefined {
  let top: Worst | undefined;
  for (const { [key]: share, container, pod } of containers) {
    if (share !== undefined && (!top || share > top.share)) {
      top = {
        share,
        words: `${formatShare(share)} ${subject} (${container} in ${pod})`,
      };
    }
  }
  return top;
}

/**
 * The fullest container of a service in one sentence. Throttling is named only where it is felt.
 *
 * @returns undefined where no container metrics exist
 */
export function saturationSentence(
  saturation: SignalsService['saturation'],
): string | undefined {
  const { state, containers } = saturation;
  if (state === 'unavailable' || containers.length === 0) {
    return undefined;
  }
  const cpu = worst(containers, 'cpuOfLimit', 'of the limit');
  const memory = worst(containers, 'memoryOfLimit', 'of the limit');
  const throttled = worst(containers, 'throttledShare', 'of the time');
  const notable = throttled && throttled.share > NOTABLE_THROTTLING;
  const fullest = [
    cpu && `CPU ${cpu.words}`,
    memory && `memory ${memory.words}`,
  ].filter(Boolean);
  const sentences = [
    fullest.length === 0
      ? 'Saturation is not known: no container has a known CPU or memory limit.'
      : `Fullest: ${fullest.join('; ')}.`,
    notable && `CPU throttled ${throttled.words}.`,
  ].filter(Boolean);
  return sentences.join(' ');
}
