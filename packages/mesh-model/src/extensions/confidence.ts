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
  controlPlaneFlagsOf,
  controlPlaneVersionOf,
  isOlder,
  systemNamespaceOf,
  type Version,
} from '../identity';
import type { MeshObject } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import {
  objectOfRef,
  objectRefOf,
  provenanceOf,
  type Provenance,
} from '../verdict';
import {
  flagsThatDecide,
  type AnswerTopic,
  type DecidingFlag,
} from './decidingFlags';
import { envoyFiltersOf, type AppliedEnvoyFilter } from './envoyFilters';
import type { EnvoyProxy } from './envoyProxy';
import type { PatchArea } from './patchAreas';
import { trafficExtensionsOf } from './trafficExtensions';

/** Why an answer may not be what the proxy does. */
export interface ConfidenceReason {
  cause:
    | 'envoy-filter'
    | 'extension'
    | 'malformed-object'
    | 'refused-object'
    | 'unread-field'
    | 'flag-not-applied'
    | 'assumed-flag';
  /** It concerns just what was asked; otherwise something else of the same proxy. */
  direct: boolean;
  /** one sentence */
  says: string;
  provenance?: Provenance;
}

/**
 * How far an answer can be trusted. `full`: nothing known speaks against it. `assumed`: it rests on defaults of istiod's
 * flags that cannot be seen. `advisory`: the proxy may do something else, see the reasons.
 */
export interface Confidence {
  level: 'full' | 'assumed' | 'advisory';
  /** those that concern the answer directly first */
  reasons: readonly ConfidenceReason[];
}

const CONCERNS: Readonly<Record<AnswerTopic, ReadonlySet<PatchArea>>> = {
  routing: new Set(['routes', 'clusters', 'listeners', 'rate-limit']),
  mtls: new Set(['tls', 'clusters', 'listeners']),
  authorization: new Set(['authorization', 'listeners', 'filters']),
  telemetry: new Set(['filters', 'listeners', 'bootstrap']),
};

function reasonOfFilter(
  filter: AppliedEnvoyFilter,
  topic: AnswerTopic,
): ConfidenceReason {
  const { namespace, name } = filter.object.metadata;
  const targets = [...new Set(filter.patches.map(patch => patch.applyTo))];
  const direct =
    filter.patches.some(patch => patch.touches.length === 0) ||
    filter.touches.some(
      area => CONCERNS[topic].has(area) || area === 'bootstrap',
    );
  const doubts = filter.patches.flatMap(patch => patch.uncertain ?? []);
  const uncertain =
    doubts.length === filter.patches.length
      ? `, if it applies: ${doubts[0]}`
      : '';
  const says = `EnvoyFilter ${namespace}/${name} patches ${targets.join(
    ', ',
  )} of this proxy after istiod has generated it${uncertain}.`;
  return {
    cause: 'envoy-filter',
    direct,
    says,
    provenance: provenanceOf(
      filter.object,
      filter.patches[0]?.path ?? 'spec.configPatches',
      says,
    ),
  };
}

function reasonsOfExtensions(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
  topic: AnswerTopic,
): ConfidenceReason[] {
  if (topic === 'mtls') {
    return [];
  }
  return trafficExtensionsOf(snapshot, proxy).applied.map(extension => {
    const { namespace, name } = extension.object.metadata;
    const before = extension.phase === 'AUTHN' || extension.phase === 'AUTHZ';
    const says = `${extension.object.kind} ${namespace}/${name} may change, answer or refuse requests by code that is not read here.`;
    return {
      cause: 'extension',
      direct: topic === 'authorization' ? before : topic === 'routing',
      says,
      provenance: provenanceOf(extension.object, 'spec.phase', says),
    };
  });
}

function reasonsOfObject(object: MeshObject): ConfidenceReason[] {
  const { kind } = objectRefOf(object);
  const name = `${kind} ${object.metadata.namespace}/${object.metadata.name}`;
  const malformed = object.problems.map(({ path, message }) => ({
    cause: 'malformed-object' as const,
    direct: true,
    says: `${name} is malformed at ${path}: ${message}`,
    provenance: provenanceOf(object, path, message),
  }));
  const unread = (object.unread ?? []).map(path => {
    const says = `${name} sets ${path}, whose effect is not computed here.`;
    return {
      cause: 'unread-field' as const,
      direct: true,
      says,
      provenance: provenanceOf(object, path, says),
    };
  });
  const refused = (object.refusals ?? []).map(({ path, message }) => ({
    cause: 'refused-object' as const,
    direct: true,
    says: `istiod would refuse ${name} today, for ${path}: ${message}. It stands in the cluster all the same; what becomes of the field is not computed here.`,
    provenance: provenanceOf(object, path, message),
  }));
  return [...malformed, ...unread, ...refused];
}

function decidingObjects(
  snapshot: MeshSnapshot,
  decidedBy: Iterable<Provenance>,
): ReadonlySet<MeshObject> {
  const objects = new Set<MeshObject>();
  for (const { object, overrides } of decidedBy) {
    const found = objectOfRef(snapshot, object);
    if (found !== undefined) {
      objects.add(found);
    }
    for (const overridden of decidingObjects(snapshot, overrides ?? [])) {
      objects.add(overridden);
    }
  }
  return objects;
}

/** What a setting of istiod that was read leaves open, for the version that reads it. */
function doubtsOf(
  { name, default: assumed, applied, since }: DecidingFlag,
  value: string | undefined,
  version: Version | undefined,
): ConfidenceReason[] {
  if (value !== undefined) {
    return value === assumed || applied
      ? []
      : [
          {
            cause: 'flag-not-applied',
            direct: true,
            says: `The control plane sets ${name}=${value}, and this answer assumes ${assumed}.`,
          },
        ];
  }
  if (since === undefined) {
    return [];
  }
  const changed = `${since.major}.${since.minor}`;
  if (version === undefined) {
    return [
      {
        cause: 'assumed-flag',
        direct: false,
        says: `The version of the control plane cannot be told from its image: whether ${name} is ${assumed}, as from ${changed} on, is not known.`,
      },
    ];
  }
  return applied || !isOlder(version, since)
    ? []
    : [
        {
          cause: 'flag-not-applied',
          direct: true,
          says: `The control plane is older than ${changed}, so it does not behave as with ${name}=${assumed}, which this answer assumes.`,
        },
      ];
}

function reasonsOfFlags(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
  topic: AnswerTopic,
): ConfidenceReason[] {
  const deciding = flagsThatDecide(topic, proxy.target.proxy);
  if (deciding.length === 0) {
    return [];
  }
  const flags = controlPlaneFlagsOf(
    snapshot,
    systemNamespaceOf(snapshot),
    proxy.revision,
  );
  if (!flags.seen) {
    return [
      {
        cause: 'assumed-flag',
        direct: false,
        says: `The Deployment of the control plane cannot be seen, so the defaults of its settings are assumed: ${deciding
          .map(flag => `${flag.name} (${flag.default})`)
          .join(', ')}.`,
      },
    ];
  }
  const version = controlPlaneVersionOf(snapshot, proxy.revision);
  return deciding.flatMap(flag =>
    doubtsOf(flag, flags.values[flag.name], version),
  );
}

/**
 * How far an answer about a proxy can be trusted: EnvoyFilters that patch it (R8.26), extensions that run code in it,
 * malformed, refused or unknown fields of the objects that decided, and settings of istiod that cannot be seen or are not computed.
 * To be attached to every answer about routing, mTLS, authorization and telemetry.
 *
 * @param topic - what was asked
 * @param decidedBy - the provenance of the answer; what it overrode counts too
 */
export function confidenceOf(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
  topic: AnswerTopic,
  decidedBy: Iterable<Provenance> = [],
): Confidence {
  const reasons = [
    ...envoyFiltersOf(snapshot, proxy).applied.map(filter =>
      reasonOfFilter(filter, topic),
    ),
    ...reasonsOfExtensions(snapshot, proxy, topic),
    ...[...decidingObjects(snapshot, decidedBy)].flatMap(reasonsOfObject),
    ...reasonsOfFlags(snapshot, proxy, topic),
  ];
  const sorted = [
    ...reasons.filter(({ direct }) => direct),
    ...reasons.filter(({ direct }) => !direct),
  ];
  if (sorted.length === 0) {
    return { level: 'full', reasons: [] };
  }
  return {
    level: sorted.every(({ cause }) => cause === 'assumed-flag')
      ? 'assumed'
      : 'advisory',
    reasons: sorted,
  };
}
