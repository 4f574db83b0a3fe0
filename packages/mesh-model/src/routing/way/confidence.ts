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
  confidenceOf,
  envoyProxyOfClient,
  type Confidence,
  type ConfidenceReason,
} from '../../extensions';
import { hasEnvoy } from '../../membership';
import type { Provenance } from '../../verdict';
import type { Rest } from './branches';
import type { Hop } from './hop';

function factsOf(rest: Rest): Provenance[] {
  return [
    ...rest.steps.flatMap(({ facts }) => [...facts]),
    ...rest.branches.flatMap(factsOf),
  ];
}

function levelOf(levels: readonly Confidence['level'][]): Confidence['level'] {
  if (levels.includes('advisory')) {
    return 'advisory';
  }
  return levels.includes('assumed') ? 'assumed' : 'full';
}

/**
 * How far a way can be trusted: what patches or extends one of the proxies it passes, malformed and unread fields of the
 * objects that decide it, and flags of istiod that cannot be seen. R8.26
 */
export function wayConfidence(hop: Hop, rest: Rest): Confidence {
  const facts = factsOf(rest);
  if (hasEnvoy(hop.sender.proxy)) {
    hop.passed.add(envoyProxyOfClient(hop.sender), ['routing', 'mtls']);
  }
  const found = hop.passed
    .list()
    .flatMap(({ proxy, topics }) =>
      [...topics].map(topic => confidenceOf(hop.snapshot, proxy, topic, facts)),
    );
  const reasons = new Map<string, ConfidenceReason>();
  for (const reason of found.flatMap(confidence => [...confidence.reasons])) {
    const known = reasons.get(reason.says);
    reasons.set(
      reason.says,
      known === undefined || reason.direct ? reason : known,
    );
  }
  const all = [...reasons.values()];
  return {
    level: levelOf(found.map(({ level }) => level)),
    reasons: [
      ...all.filter(({ direct }) => direct),
      ...all.filter(({ direct }) => !direct),
    ],
  };
}
