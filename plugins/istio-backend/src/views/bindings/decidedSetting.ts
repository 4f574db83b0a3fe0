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
import type { Provenance } from '@mesh-portal/mesh-model';

/** A value of the model with who set it. */
interface Decided {
  says: string;
  provenance?: Provenance;
}

/** `Telemetry istio-system/mesh-default`; the default of Istio where no object decided. */
function originOf({ provenance }: Decided): string {
  if (provenance === undefined) {
    return 'Default of Istio';
  }
  const { kind, namespace, name } = provenance.object;
  return kind === 'ConfigMap'
    ? 'Mesh configuration'
    : `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** A decided value as a setting, with where it comes from. */
export function decidedSetting(
  setting: string,
  value: string,
  decided: Decided,
): EffectiveSetting {
  return {
    setting,
    value,
    isDefault: decided.provenance === undefined,
    from: originOf(decided),
    ...(decided.provenance === undefined
      ? {}
      : { provenance: decided.provenance }),
  };
}
