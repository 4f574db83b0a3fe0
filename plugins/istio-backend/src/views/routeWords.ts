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
  retryConditionsInWords,
  type InjectedFault,
  type Provenance,
  type RetryPolicy,
  type RouteSetting,
} from '@mesh-portal/mesh-model';

function settingOf(
  setting: string,
  value: string,
  from: { origin: string; provenance?: Provenance },
): EffectiveSetting {
  return {
    setting,
    value,
    isDefault: from.origin === 'default',
    ...(from.provenance === undefined ? {} : { provenance: from.provenance }),
  };
}

/** The timeout of a rule in words. */
export function timeoutInWords(
  timeout: RouteSetting<string | undefined>,
): EffectiveSetting {
  return settingOf('timeout', timeout.value ?? 'none', timeout);
}

/** The retries of a rule in words. */
export function retriesInWords(
  retries: RouteSetting<RetryPolicy>,
): EffectiveSetting {
  const { attempts, perTryTimeout } = retries.value;
  const each = perTryTimeout === undefined ? '' : `, ${perTryTimeout} each`;
  return settingOf(
    'retries',
    attempts === 0
      ? 'none'
      : `${attempts} attempts${each}, on ${retryConditionsInWords(
          retries.value,
        )}`,
    retries,
  );
}

/** A fault in words, for example `50 % delayed by 7s`. */
export function faultInWords(fault: InjectedFault): EffectiveSetting {
  const { delay, abort, provenance } = fault;
  const parts = [
    ...(delay ? [`${delay.percent} % delayed by ${delay.duration}`] : []),
    ...(abort ? [`${abort.percent} % answered with ${abort.status}`] : []),
  ];
  return {
    setting: 'fault',
    value: parts.join(', '),
    isDefault: false,
    provenance,
  };
}
