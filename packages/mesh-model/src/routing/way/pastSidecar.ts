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

import {
  outboundInterception,
  workloadOf,
  type Interception,
} from '../../membership';
import { provenanceOf } from '../../verdict';
import { ending, followed, step, type Rest } from './branches';
import { pastTheMesh } from './directWay';
import { serviceKnownAs, type Hop } from './hop';
import { sidecarWay } from './sidecarWay';

/** The way of a request of a workload with a sidecar, which its own annotations may let pass by it. */
export function sidecarOrPastIt(hop: Hop): Rest {
  const { snapshot, sender, request } = hop;
  const { workload } = sender;
  const found =
    workload === undefined
      ? undefined
      : workloadOf(
          snapshot,
          workload.namespace ?? sender.namespace,
          workload.kind,
          workload.name,
        );
  const pod = found?.pods.at(-1);
  if (found === undefined) {
    return sidecarWay(hop);
  }
  const address = serviceKnownAs(hop, request.host)?.addresses.at(0);
  const { state, says, annotation }: Interception = outboundInterception(
    pod?.metadata.annotations ?? found.annotations,
    { port: request.port, ...(address === undefined ? {} : { address }) },
  );
  if (state === 'intercepted' || says === undefined) {
    return sidecarWay(hop);
  }
  const facts =
    pod === undefined || annotation === undefined
      ? []
      : [provenanceOf(pod, `metadata.annotations[${annotation}]`, says)];
  return state === 'unknown'
    ? ending([step('listener', 'unknown', says, facts)], {
        ending: 'unknown',
        says,
      })
    : followed(
        [step('listener', 'not-applicable', says, facts)],
        pastTheMesh({ ...hop, sender: { ...sender, proxy: 'none' } }),
      );
}
