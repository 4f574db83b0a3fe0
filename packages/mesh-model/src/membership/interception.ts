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

import { parseGoBool } from '../identity';
import type { SlimObjectByKind, StringMap } from '../objects';
import { addressWithin } from '../routing/addresses';
import { provenanceOf, type Provenance } from '../verdict';

/** Do connections pass the sidecar, or past it? */
export interface Interception {
  /** `unknown`: it depends on an address that is not known */
  state: 'intercepted' | 'bypassed' | 'unknown';
  /** one sentence; absent when nothing is written and so everything is intercepted */
  says?: string;
  /** the annotation that decides, when one does */
  annotation?: string;
}

const PREFIX = 'traffic.sidecar.istio.io/';
const MODE = 'sidecar.istio.io/interceptionMode';

const ALL: Interception = { state: 'intercepted' };

function listOf(text: string): string[] {
  return text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '');
}

function bypassed(annotation: string, value: string): Interception {
  return {
    state: 'bypassed',
    says: `It passes by the sidecar: annotation ${annotation} is ${
      value === '' ? 'empty' : value
    }`,
    annotation,
  };
}

function named(annotations: StringMap, name: string): string | undefined {
  return annotations[`${PREFIX}${name}`];
}

/** Do connections to a port of a pod pass its sidecar? */
export function inboundInterception(
  annotations: StringMap,
  port: number,
): Interception {
  if (annotations[MODE] === 'NONE') {
    return bypassed(MODE, 'NONE');
  }
  const included = named(annotations, 'includeInboundPorts') ?? '*';
  if (included !== '*') {
    return listOf(included).includes(String(port))
      ? ALL
      : bypassed(`${PREFIX}includeInboundPorts`, included);
  }
  const excluded = named(annotations, 'excludeInboundPorts') ?? '';
  return listOf(excluded).includes(String(port))
    ? bypassed(`${PREFIX}excludeInboundPorts`, excluded)
    : ALL;
}

/** Do connections of a pod to an address and port pass its sidecar? */
export function outboundInterception(
  annotations: StringMap,
  to: { port: number; address?: string },
): Interception {
  if (annotations[MODE] === 'NONE') {
    return bypassed(MODE, 'NONE');
  }
  const port = String(to.port);
  const excludedPorts = named(annotations, 'excludeOutboundPorts') ?? '';
  if (listOf(excludedPorts).includes(port)) {
    return bypassed(`${PREFIX}excludeOutboundPorts`, excludedPorts);
  }
  const excluded = named(annotations, 'excludeOutboundIPRanges') ?? '';
  const included = named(annotations, 'includeOutboundIPRanges') ?? '*';
  const { address } = to;
  if (address === undefined) {
    return excluded === '' && included === '*'
      ? ALL
      : {
          state: 'unknown',
          says: 'Whether it passes the sidecar depends on the address it goes to, which is not known',
        };
  }
  const within = (ranges: string) =>
    listOf(ranges).some(range => addressWithin(address, range));
  if (within(excluded)) {
    return bypassed(`${PREFIX}excludeOutboundIPRanges`, excluded);
  }
  const includedPorts = named(annotations, 'includeOutboundPorts') ?? '';
  return included === '*' ||
    within(included) ||
    listOf(includedPorts).includes(port)
    ? ALL
    : bypassed(`${PREFIX}includeOutboundIPRanges`, included);
}

const BYPASS_ZTUNNEL = 'ambient.istio.io/bypass-inbound-capture';

/**
 * What lets plaintext to one of the pods, which are in ambient, pass by ztunnel: only HBONE is still received there, and no
 * policy sees anything else. Change notes of 1.24 and 1.29
 */
export function plaintextPassing(
  pods: readonly SlimObjectByKind['Pod'][],
): Provenance | undefined {
  for (const pod of pods) {
    const value = pod.metadata.annotations[BYPASS_ZTUNNEL] ?? '';
    if (parseGoBool(value) === true) {
      return provenanceOf(
        pod,
        `metadata.annotations[${BYPASS_ZTUNNEL}]`,
        `All but HBONE passes by ztunnel: annotation ${BYPASS_ZTUNNEL} is ${value}`,
      );
    }
  }
  return undefined;
}
