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
import type {
  EffectiveSetting as ModelSetting,
  Provenance,
} from '@mesh-portal/mesh-model';

interface Sourced {
  origin: string;
  says: string;
  provenance?: Provenance;
}

function placeIn(path: string): string {
  const parts = [
    ...(path.includes('subsets[') ? ['subset'] : []),
    ...(path.includes('portLevelSettings') ? ['port level'] : []),
  ];
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`;
}

/**
 * Where a value is inherited from, in words: `DestinationRule bookinfo/reviews, subset`, `Mesh configuration`,
 * `Default of Envoy`, `Default of Istio`.
 */
export function originInWords({ origin, says, provenance }: Sourced): string {
  if (provenance && origin !== 'mesh-config') {
    const { kind, namespace, name } = provenance.object;
    const place = placeIn(provenance.path ?? '');
    return `${kind} ${
      namespace === undefined ? '' : `${namespace}/`
    }${name}${place}`;
  }
  if (origin === 'mesh-config' || /mesh configuration/.test(says)) {
    return 'Mesh configuration';
  }
  if (/trafficDistribution/.test(says)) {
    return 'Service';
  }
  return /Envoy/.test(says) ? 'Default of Envoy' : 'Default of Istio';
}

/** One value of the way to the service in the contract. */
export function settingInContract(setting: ModelSetting): EffectiveSetting {
  const { value, origin, provenance } = setting;
  return {
    setting: setting.setting,
    value: value === undefined ? 'no limit' : String(value),
    isDefault: origin === 'default',
    from: originInWords(setting),
    ...(provenance === undefined ? {} : { provenance }),
  };
}
