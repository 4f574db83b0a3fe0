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
  ztunnelWorkloadOfEntry,
  ztunnelWorkloadOfPod,
  ztunnelWorkloadsOfServiceEntry,
  ztunnelWorkloadsOfSlice,
  type ZtunnelWorkload,
} from '../../src/ambient';
import {
  sameMessages,
  serviceEntryIn,
  workloadEntryIn,
  type AmbientCase,
} from './ambientCase';
import { environmentOf } from './ambientInputs';
import { projectedAs, type RawObject } from './routingCase';

/** The API server refuses containers without a name; the table leaves it out. */
function podIn(raw: RawObject | undefined) {
  const containers = (raw?.spec?.containers ?? []) as readonly object[];
  return projectedAs(
    'Pod',
    {
      apiVersion: 'v1',
      kind: 'Pod',
      ...raw,
      spec: {
        ...raw?.spec,
        containers: containers.map((container, index) => ({
          name: `container-${index}`,
          ...container,
        })),
      },
    },
    'ns',
  );
}

function podWorkload(raw: unknown): string | undefined {
  const test = raw as AmbientCase<ZtunnelWorkload>;
  const pod = podIn(test.pod);
  const expected = test.result && {
    ...test.result,
    // The API server fills in the account that the table leaves out.
    serviceAccount: test.result.serviceAccount ?? 'default',
  };
  return sameMessages(
    expected ?? undefined,
    ztunnelWorkloadOfPod(environmentOf(test.inputs), pod),
  );
}

function entryWorkload(raw: unknown): string | undefined {
  const test = raw as AmbientCase<ZtunnelWorkload>;
  const entry = workloadEntryIn(test.we);
  return sameMessages(
    test.result ?? undefined,
    ztunnelWorkloadOfEntry(environmentOf(test.inputs), entry),
  );
}

function serviceEntryWorkloads(raw: unknown): string | undefined {
  const test = raw as AmbientCase<readonly ZtunnelWorkload[]>;
  return sameMessages(
    test.result ?? [],
    ztunnelWorkloadsOfServiceEntry(
      environmentOf(test.inputs),
      serviceEntryIn(test.se),
    ),
  );
}

function sliceWorkloads(raw: unknown): string | undefined {
  const test = raw as AmbientCase<readonly ZtunnelWorkload[]>;
  const slice = projectedAs(
    'EndpointSlice',
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      ...test.slice,
    },
    'ns',
  );
  return sameMessages(
    test.result ?? [],
    ztunnelWorkloadsOfSlice(environmentOf(test.inputs), slice),
  );
}

/** Which workloads istiod tells ztunnel of: pods, machines, endpoints. */
export const ambientWorkloadTests = {
  TestPodWorkloads: podWorkload,
  TestWorkloadEntryWorkloads: entryWorkload,
  TestServiceEntryWorkloads: serviceEntryWorkloads,
  TestEndpointSliceWorkloads: sliceWorkloads,
};
