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
import { ignoredObjectsOfService, type Verdict } from '@mesh-portal/mesh-model';
import type { ServiceInput } from '../entityInput';
import { certain, IGNORED_KINDS } from '../knowledge';
import { count } from '../numbersInWords';
import { plainVerdict } from '../verdicts';

type IgnoredOfService = BindingsView['ignored'][number];

function verdictOf(objects: IgnoredOfService['objects']): Verdict {
  const [first] = objects;
  if (first === undefined) {
    return plainVerdict(
      'pass',
      'Every object that names the service acts on it',
    );
  }
  const { kind, namespace, name } = first.object;
  const others =
    objects.length === 1
      ? ''
      : ` (and ${count(objects.length - 1, 'more object')})`;
  return {
    state: 'fail',
    reason: `${kind} ${
      namespace === undefined ? '' : `${namespace}/`
    }${name} does not act: ${first.reason}${others}`,
    facts: first.provenance ? [first.provenance] : [],
  };
}

/** Objects that name a service and do not act on it, each with the field at fault and what to write. */
export function ignoredOfService(service: ServiceInput): IgnoredOfService {
  const { cluster, ref } = service;
  const objects = ignoredObjectsOfService(
    cluster.snapshot,
    service.service,
  ).map(({ object, reason, remedy, provenance }) => ({
    object,
    reason,
    remedy,
    provenance,
  }));
  return {
    service: ref,
    verdict: certain(verdictOf(objects), cluster.status, IGNORED_KINDS),
    objects,
  };
}
