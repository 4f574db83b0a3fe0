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

import type { SlimObjectByKind } from '../objects';
import type { MeshSnapshot } from '../snapshot/types';

/** Where something runs. Parts that are not known are left out. */
export interface Locality {
  region?: string;
  zone?: string;
  subzone?: string;
}

function localityOf(
  region = '',
  zone = '',
  subzone = '',
): Locality | undefined {
  return region === '' && zone === '' && subzone === ''
    ? undefined
    : {
        ...(region !== '' && { region }),
        ...(zone !== '' && { zone }),
        ...(subzone !== '' && { subzone }),
      };
}

/** `region/zone/subzone` as a locality; `undefined` when nothing is said. */
export function localityIn(text: string): Locality | undefined {
  const [region, zone, subzone] = text.split('/');
  return localityOf(region, zone, subzone);
}

/** Region, zone and subzone of a node, from its labels; `undefined` when it has none or is not known. */
export function localityOfNode(
  snapshot: MeshSnapshot,
  name: string,
): Locality | undefined {
  const labels = snapshot.get('Node', '', name)?.metadata.labels ?? {};
  return localityOf(
    labels['topology.kubernetes.io/region'],
    labels['topology.kubernetes.io/zone'],
    labels['topology.istio.io/subzone'],
  );
}

/**
 * Where a pod runs for sidecars and gateways: as its label `topology.istio.io/locality` says, else `istio-locality`, else where
 * its node is. A label cannot hold a slash, so that a dot stands for it. R6.14
 */
export function localityOfPod(
  snapshot: MeshSnapshot,
  { metadata: { labels }, spec }: SlimObjectByKind['Pod'],
): Locality | undefined {
  const written =
    labels['topology.istio.io/locality'] ?? labels['istio-locality'] ?? '';
  return written === ''
    ? localityOfNode(snapshot, spec.nodeName)
    : localityIn(
        written.includes('/') ? written : written.replaceAll('.', '/'),
      );
}
