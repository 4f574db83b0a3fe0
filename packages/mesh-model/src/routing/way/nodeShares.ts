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

import type { EndpointSide } from '../../mtls/transport';
import { provenanceOf } from '../../verdict';
import type { RoutableService } from '../routableService';
import { ending, followed, step, type Rest } from './branches';
import type { Hop } from './hop';
import { podsOfSender } from './localityShares';
import type { WayStep } from './way';

/** What the endpoints of the sender's own nodes get, where a Service wants only those to be used. */
export interface NodeShares {
  /** of the requests, each endpoint's; together with `lost` they are 1 */
  weights: readonly number[];
  /** part of the requests whose sender has no endpoint on its node */
  lost: number;
  step: WayStep;
}

function nodesOf(sides: readonly EndpointSide[]): Map<string, number[]> {
  const nodes = new Map<string, number[]>();
  for (const [index, { pod }] of sides.entries()) {
    const { nodeName } = pod.spec;
    nodes.set(nodeName, [...(nodes.get(nodeName) ?? []), index]);
  }
  return nodes;
}

function isRunning(phase: string): boolean {
  return phase !== 'Succeeded' && phase !== 'Failed';
}

/**
 * The shares of ready endpoints of a Service with `internalTrafficPolicy: Local`: every proxy, and Kubernetes itself, uses
 * those on the node of the caller only, and has no endpoint where there is none. Each pod of the sender is taken to send as
 * much as the others. R9.3 (UH)
 *
 * @returns `undefined` for other services; a way that ends unknown where the nodes of the sender are not known
 */
export function nodeShares(
  hop: Hop,
  service: RoutableService,
  ready: readonly EndpointSide[],
): NodeShares | Rest | undefined {
  const { object } = service;
  if (
    object?.kind !== 'Service' ||
    object.spec.internalTrafficPolicy !== 'Local'
  ) {
    return undefined;
  }
  const wish = `Service ${object.metadata.namespace}/${object.metadata.name} has internalTrafficPolicy Local: only endpoints on the caller’s own node are used`;
  const fact = provenanceOf(object, 'spec.internalTrafficPolicy', wish);
  const byNode = nodesOf(ready);
  const senders = podsOfSender(hop)
    .filter(({ spec }) => isRunning(spec.phase) && spec.nodeName !== '')
    .map(({ spec }) => spec.nodeName);
  const nodes =
    senders.length > 0
      ? senders
      : hop.snapshot.list('Node').map(({ metadata }) => metadata.name);
  const without = nodes.filter(name => !byNode.has(name));
  if (nodes.length === 0 || (senders.length === 0 && without.length > 0)) {
    const says = `${wish}. Where the caller runs is not known, so neither is whether there is one`;
    return followed(
      [step('locality', 'unknown', says, [fact], hop.at)],
      ending([], {
        ending: 'unknown',
        ...(hop.at === undefined ? {} : { at: hop.at }),
        says,
      }),
    );
  }
  const weights = ready.map(() => 0);
  for (const name of nodes) {
    const here = byNode.get(name) ?? [];
    for (const index of here) {
      weights[index] += 1 / nodes.length / here.length;
    }
  }
  const lost = without.length / nodes.length;
  const says =
    without.length === 0
      ? wish
      : `${wish}, and there is none on ${[...new Set(without)].join(', ')}`;
  return {
    weights,
    lost,
    step: step(
      'locality',
      without.length === nodes.length ? 'fail' : 'pass',
      says,
      [fact],
      hop.at,
    ),
  };
}
