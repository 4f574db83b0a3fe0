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

import type { LabelSelector, SlimObjectByKind, StringMap } from '../objects';
import { matchesLabelSelector, type MeshSnapshot } from '../snapshot';
import { provenanceOf } from '../verdict';
import type { Provenance } from '../verdict';
import { injectorConfigOf, type InjectorConfig } from './injectorConfig';

/** What the sidecar injector would do with a pod that is created now. */
export interface InjectionDecision {
  injected: boolean;
  /** Revision or tag that is asked for; `default` for the default injector. */
  revision?: string;
  /** Revision of the control plane behind the webhook that is called, when webhooks can be seen. R1.17 */
  servedBy?: string;
  reason: string;
  facts: Provenance[];
}

const INJECT = 'sidecar.istio.io/inject';

const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
]);

/** What the injector reads of a pod. */
export interface InjectionCandidate {
  namespace: string;
  labels: StringMap;
  annotations: StringMap;
  hostNetwork: boolean;
}

interface WebhookChoice {
  revision?: string;
  reason: string;
  facts: Provenance[];
}

function chooseWebhook(
  snapshot: MeshSnapshot,
  pod: InjectionCandidate,
): WebhookChoice {
  if (pod.labels['sidecar.istio.io/inject'] === 'false') {
    return {
      reason:
        'The pod label sidecar.istio.io/inject is "false", so no injector is called.',
      facts: [],
    };
  }
  const namespace = snapshot.get('Namespace', '', pod.namespace);
  const labels = namespace?.metadata.labels ?? {};
  const fact = (key: string, says: string): Provenance[] =>
    namespace ? [provenanceOf(namespace, `metadata.labels[${key}]`, says)] : [];
  const injection = labels['istio-injection'];
  if (injection !== undefined) {
    const enabled = injection === 'enabled';
    const says = enabled
      ? `Namespace ${pod.namespace} has the label istio-injection=enabled.`
      : `Namespace ${pod.namespace} has the label istio-injection=${injection}, which forbids injection.`;
    return {
      ...(enabled ? { revision: 'default' } : {}),
      reason: says,
      facts: fact('istio-injection', says),
    };
  }
  const namespaceRevision = labels['istio.io/rev'];
  if (namespaceRevision !== undefined) {
    const says = `Namespace ${pod.namespace} has the label istio.io/rev=${namespaceRevision}.`;
    return {
      revision: namespaceRevision,
      reason: says,
      facts: fact('istio.io/rev', says),
    };
  }
  const podRevision = pod.labels['istio.io/rev'];
  if (podRevision !== undefined) {
    return {
      revision: podRevision,
      reason: `The pod label istio.io/rev=${podRevision} asks for injection.`,
      facts: [],
    };
  }
  if (pod.labels['sidecar.istio.io/inject'] === 'true') {
    return {
      revision: 'default',
      reason: 'The pod label sidecar.istio.io/inject is "true".',
      facts: [],
    };
  }
  return {
    reason: `Neither namespace ${pod.namespace} nor the pod asks for a sidecar.`,
    facts: [],
  };
}

function webhooksKnown(snapshot: MeshSnapshot): boolean {
  return snapshot.list('MutatingWebhookConfiguration').length > 0;
}

function namespaceLabels(snapshot: MeshSnapshot, name: string): StringMap {
  return {
    'kubernetes.io/metadata.name': name,
    ...snapshot.get('Namespace', '', name)?.metadata.labels,
  };
}

/** The webhook configuration that selects the pod, if one does. Its labels name revision and tag. R2.4, R1.17 */
function selectingWebhook(
  snapshot: MeshSnapshot,
  pod: InjectionCandidate,
): SlimObjectByKind['MutatingWebhookConfiguration'] | undefined {
  const ofNamespace = namespaceLabels(snapshot, pod.namespace);
  return snapshot
    .list('MutatingWebhookConfiguration')
    .find(({ spec }) =>
      spec.webhooks.some(
        webhook =>
          /sidecar-injector\.istio\.io$/.test(webhook.name) &&
          matchesLabelSelector(webhook.namespaceSelector, ofNamespace) &&
          matchesLabelSelector(webhook.objectSelector, pod.labels),
      ),
    );
}

/** Does the injector, once called, add the sidecar? R2.5 */
export function isInjectionRequired(
  config: InjectorConfig,
  pod: InjectionCandidate,
): boolean {
  if (pod.hostNetwork || SYSTEM_NAMESPACES.has(pod.namespace)) {
    return false;
  }
  const empty = (selector: LabelSelector) =>
    Object.keys(selector.matchLabels ?? {}).length === 0 &&
    (selector.matchExpressions ?? []).length === 0;
  const matched = (selectors: readonly LabelSelector[] = []) =>
    selectors.some(
      selector =>
        !empty(selector) && matchesLabelSelector(selector, pod.labels),
    );
  const byDefault = config.policy === 'enabled';
  if (!byDefault && config.policy !== 'disabled') {
    return false;
  }
  // A value other than true and false is as good as none.
  const wish =
    pod.labels['sidecar.istio.io/inject'] ??
    pod.annotations['sidecar.istio.io/inject'];
  if (wish === 'true' || wish === 'false') {
    return wish === 'true';
  }
  if (matched(config.neverInjectSelector)) {
    return false;
  }
  return byDefault || matched(config.alwaysInjectSelector);
}

function whyNotRequired(
  config: InjectorConfig,
  pod: InjectionCandidate,
): { reason: string; facts: Provenance[] } {
  if (SYSTEM_NAMESPACES.has(pod.namespace)) {
    return {
      reason: `The injector skips the system namespace ${pod.namespace}.`,
      facts: [],
    };
  }
  const wish = pod.labels[INJECT] ?? pod.annotations[INJECT] ?? '';
  if (wish === 'false' || config.source === undefined) {
    return { reason: `The pod opts out with ${INJECT}.`, facts: [] };
  }
  const never = isInjectionRequired(
    { ...config, neverInjectSelector: [] },
    pod,
  );
  const path = `data.config: ${never ? 'neverInjectSelector' : 'policy'}`;
  const reason = never
    ? 'A neverInjectSelector of the injector matches the pod.'
    : `The injector's policy is ${config.policy}: it injects only pods that ask for it with ${INJECT}.`;
  return { reason, facts: [provenanceOf(config.source, path, reason)] };
}

/**
 * Would a pod get a sidecar if it were created now? Namespace and pod labels are read in the order of the chart's
 * webhooks (R2.4), then the injector's own rules (R2.5). A revision no webhook serves means: silently not injected.
 */
export function injectionOf(
  snapshot: MeshSnapshot,
  pod: InjectionCandidate,
): InjectionDecision {
  const choice = chooseWebhook(snapshot, pod);
  const hook = webhooksKnown(snapshot)
    ? selectingWebhook(snapshot, pod)
    : undefined;
  if (choice.revision === undefined && hook === undefined) {
    return { injected: false, reason: choice.reason, facts: choice.facts };
  }
  const revision = choice.revision ?? hook?.metadata.labels['istio.io/rev'];
  const servedBy = hook?.metadata.labels['istio.io/rev'];
  const base = {
    ...(revision === undefined ? {} : { revision }),
    ...(servedBy === undefined ? {} : { servedBy }),
    facts: choice.facts,
  };
  if (webhooksKnown(snapshot) && hook === undefined) {
    return {
      ...base,
      injected: false,
      reason: `${choice.reason} No injection webhook serves revision or tag ${revision}: the pod is silently not injected.`,
    };
  }
  if (pod.hostNetwork) {
    return {
      ...base,
      injected: false,
      reason:
        'The pod uses the network of its node (hostNetwork: true), which the injector skips.',
    };
  }
  const config = injectorConfigOf(snapshot, servedBy);
  if (!isInjectionRequired(config, pod)) {
    const { reason, facts } = whyNotRequired(config, pod);
    return {
      ...base,
      injected: false,
      reason,
      facts: [...choice.facts, ...facts],
    };
  }
  const facts = hook
    ? [
        ...choice.facts,
        provenanceOf(
          hook,
          'webhooks',
          `Webhook ${hook.metadata.name} selects the pod.`,
        ),
      ]
    : choice.facts;
  return { ...base, injected: true, reason: choice.reason, facts };
}
