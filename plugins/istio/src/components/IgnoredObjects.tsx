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

import type { IgnoredObject } from '@mesh-portal/backstage-plugin-istio-common';
import { nameOfObject } from '../format';
import { PlainList } from './PlainList';
import { ProvenancePopover } from './ProvenancePopover';
import { Refusals } from './Refusals';

/** Objects that name the service and do not act on it, each with the reason. */
export function IgnoredObjects(props: { ignored: IgnoredObject[] }) {
  return (
    <PlainList>
      {props.ignored.map(({ object, reason, remedy, provenance }) => (
        <li key={nameOfObject(object)}>
          <strong>{nameOfObject(object)}</strong>
          {` is ignored: ${reason} `}
          <ProvenancePopover
            subject={`${nameOfObject(object)} is ignored`}
            facts={provenance ? [provenance] : []}
          />
          {remedy && <div>{remedy}</div>}
          {provenance?.refusals && <Refusals refusals={provenance.refusals} />}
        </li>
      ))}
    </PlainList>
  );
}
