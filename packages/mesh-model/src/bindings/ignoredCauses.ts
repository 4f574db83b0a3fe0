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

/** Why an object that names a service or selects its workload does not act. */
export type IgnoredCause =
  | 'selector-matches-nothing'
  | 'selector-in-root-namespace'
  | 'empty-selector'
  | 'younger-sibling'
  | 'sidecar-not-chosen'
  | 'target-refs-on-sidecar'
  | 'target-in-other-namespace'
  | 'target-without-waypoint'
  | 'target-not-matched'
  | 'waypoint-needs-target-refs'
  | 'gateway-needs-target-refs'
  | 'not-exported'
  | 'not-imported'
  | 'bound-to-gateways'
  | 'gateway-not-reached'
  | 'third-namespace'
  | 'older-first'
  | 'more-specific-host'
  | 'no-active-route'
  | 'dropped-route'
  | 'not-looked-up'
  | 'lookup-lost'
  | 'client-not-selected'
  | 'host-of-other-namespace'
  | 'host-not-complete'
  | 'host-of-no-service'
  | 'service-out-of-scope'
  | 'client-without-envoy'
  | 'same-host-service'
  | 'other-revision'
  | 'undiscovered-namespace'
  | 'ztunnel-http-only'
  | 'ztunnel-unsupported-action'
  | 'ztunnel-dry-run'
  | 'ztunnel-empty-selector'
  | 'no-proxy'
  | 'no-patch-for-this-proxy'
  | 'no-listener-for-this-proxy'
  | 'malformed';

/** What a remedy names. */
export interface RemedyWords {
  /** fully qualified host of the service that was asked about */
  host?: string;
  /** namespace of that service or workload */
  namespace: string;
  clientNamespace?: string;
}

type Remedy = (words: RemedyWords) => string;

const REMEDIES: Readonly<Record<IgnoredCause, Remedy>> = {
  'selector-matches-nothing': () =>
    'Write labels that the pods have, or delete the object.',
  'selector-in-root-namespace': ({ namespace }) =>
    `Move it to namespace ${namespace}, or leave the selector out to apply it to the whole mesh.`,
  'empty-selector': () =>
    'Leave selector out to apply it to the namespace, or name labels.',
  'younger-sibling': () =>
    'Merge it into the older one, or give it a selector of its own.',
  'sidecar-not-chosen': () =>
    'Merge it into the Sidecar that acts: of several only one counts.',
  'target-refs-on-sidecar': () =>
    'Write a selector in place of targetRefs: a sidecar obeys selectors only.',
  'target-in-other-namespace': ({ namespace }) =>
    `Move it to namespace ${namespace}: a reference never leaves the namespace of its object.`,
  'target-without-waypoint': ({ namespace }) =>
    `Give the service a waypoint (label istio.io/use-waypoint), or write a selector, which the pods in ${namespace} obey.`,
  'target-not-matched': () =>
    'Name the Gateway, Service or ServiceEntry that is meant, with its group and kind.',
  'waypoint-needs-target-refs': () =>
    'Add targetRefs that name the Service or the waypoint.',
  'gateway-needs-target-refs': () =>
    'Write targetRefs that name the Gateway in place of the selector.',
  'not-exported': ({ clientNamespace, namespace }) =>
    `Add ${clientNamespace ?? namespace} or "*" to spec.exportTo.`,
  'not-imported': ({ clientNamespace, namespace }) =>
    `Add its namespace to egress.hosts of the Sidecar of namespace ${
      clientNamespace ?? namespace
    }.`,
  'bound-to-gateways': () =>
    'Add mesh to spec.gateways to apply it to calls inside the mesh too.',
  'gateway-not-reached': () =>
    'Name a Gateway that exists and has a host in common, and let it admit this namespace.',
  'third-namespace': ({ namespace }) =>
    `Move it to namespace ${namespace}, that of the service, or to the namespace of the client.`,
  'older-first': () =>
    'Merge its routes into the one that comes first, or delete one of the two.',
  'more-specific-host': () =>
    'Add its routes to the one that names the host more specifically.',
  'no-active-route': () =>
    'Add a route for this protocol and port, without matches that exclude this client.',
  'dropped-route': () =>
    'Correct the route: its delegate must exist, be exported, and match what the root matches.',
  'not-looked-up': ({ namespace, clientNamespace }) =>
    `Move it to the namespace of the client (${
      clientNamespace ?? namespace
    }) or of the service (${namespace}).`,
  'lookup-lost': () =>
    'Merge it into the DestinationRule that is found first: those of several namespaces never merge.',
  'client-not-selected': () =>
    "Write labels in workloadSelector that the client's pods have.",
  'host-of-other-namespace': ({ host = 'the host' }) =>
    `Write ${host} in full.`,
  'host-not-complete': ({ host = 'the host' }) => `Write ${host} in full.`,
  'host-of-no-service': () =>
    'Write the name of a service that exists, in full where it is of another namespace.',
  'service-out-of-scope': ({ clientNamespace, namespace }) =>
    `Import the service in the Sidecar of namespace ${
      clientNamespace ?? namespace
    } and export it there.`,
  'client-without-envoy': () =>
    'Give the service a waypoint: ztunnel applies nothing of HTTP.',
  'same-host-service': () =>
    'Give it another host, or delete the definition that is not wanted.',
  'other-revision': () =>
    'Remove the label istio.io/rev, or set it to the revision that serves the proxy.',
  'undiscovered-namespace': () =>
    'Give the namespace a label that meshConfig.discoverySelectors asks for.',
  'ztunnel-http-only': () =>
    'Give the service a waypoint and bind the object to it with targetRefs.',
  'ztunnel-unsupported-action': () =>
    'Use ALLOW or DENY, or bind it to a waypoint with targetRefs.',
  'ztunnel-dry-run': () =>
    'Bind it to a waypoint with targetRefs to try it out, or remove the annotation istio.io/dry-run.',
  'ztunnel-empty-selector': () =>
    'Leave selector out to apply it to the namespace, or name labels.',
  'no-proxy': () => 'Take the workload into the mesh.',
  'no-patch-for-this-proxy': () =>
    'Write a patch whose context and proxyVersion fit this proxy.',
  'no-listener-for-this-proxy': () =>
    'Write a match for the mode of this proxy, or leave match out.',
  malformed: () => 'Correct the field: what stands there is left out.',
};

/** What to write so that the object acts: one sentence. */
export function remedyFor(cause: IgnoredCause, words: RemedyWords): string {
  return REMEDIES[cause](words);
}
