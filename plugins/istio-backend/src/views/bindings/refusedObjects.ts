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

import type { BindingsView } from '@mesh-portal/backstage-plugin-istio-common';
import {
  refusedObjectsOfService,
  type RefusedObject,
  type Verdict,
} from '@mesh-portal/mesh-model';
import type { ServiceInput } from '../entityInput';
import { count } from '../numbersInWords';
import { plainVerdict } from '../verdicts';

type RefusedOfService = BindingsView['refused'][number];

/** That istiod would refuse an object is certain, whatever else could not be read. */
function verdictOf(objects: readonly RefusedObject[]): Verdict {
  const [{ object, refusals }] = objects;
  const [{ path, message }] = refusals;
  const others =
    objects.length === 1
      ? ''
      : ` (and ${count(objects.length - 1, 'more object')})`;
  return plainVerdict(
    'fail',
    `istiod would refuse ${object.kind} ${
      object.namespace === undefined ? '' : `${object.namespace}/`
    }${object.name} today: ${path}: ${message}${others}`,
  );
}

/** Objects that act on a service, or mean to, and that istiod would refuse, were they written now; nothing where there are none. */
export function refusedOfService(service: ServiceInput): RefusedOfService[] {
  const objects = refusedObjectsOfService(
    service.cluster.snapshot,
    service.service,
  );
  return objects.length === 0
    ? []
    : [
        {
          service: service.ref,
          verdict: verdictOf(objects),
          objects: objects.map(({ object, acts, refusals }) => ({
            object,
            acts,
            refusals: [...refusals],
          })),
        },
      ];
}
