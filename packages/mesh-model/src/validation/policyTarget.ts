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

import type { SpecNode } from './SpecNode';

const TARGETS = new Set([
  '/Service',
  'core/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
  'inference.networking.k8s.io/InferencePool',
]);

/** Checks the labels of a selector: no empty key, no wildcard; one without labels is most likely a mistake. */
function validateSelectorLabels(selector: SpecNode, labels: SpecNode): void {
  for (const [key, value] of labels.entries) {
    value.errorIf(key === '', 'empty key is not supported in selector');
    value.errorIf(
      key.includes('*') || value.text.includes('*'),
      'wildcard is not supported in selector',
    );
  }
  if (selector.isSet && labels.entries.length === 0) {
    selector.warn('workload selector specified without labels');
  }
}

/** Checks `selector.matchLabels` of policies and of extensions. */
export function validateSelector(selector: SpecNode): void {
  validateSelectorLabels(selector, selector.field('matchLabels'));
}

/** Checks `workloadSelector.labels` of Sidecar and ServiceEntry. */
export function validateWorkloadSelector(selector: SpecNode): void {
  validateSelectorLabels(selector, selector.field('labels'));
}

function validateTargetRef(reference: SpecNode): void {
  const group = reference.field('group').text;
  const kind = reference.field('kind').text;
  reference.errorIf(
    reference.field('name').text === '',
    'targetRef name must be set',
  );
  reference.errorIf(
    reference.field('namespace').text !== '',
    'targetRef namespace must not be set; cross namespace referencing is not supported',
  );
  reference.errorIf(
    !TARGETS.has(`${group}/${kind}`),
    `targetRef must be to a Service, ServiceEntry, Gateway or GatewayClass but was ${group}/${kind}`,
  );
}

/** Checks selector, `targetRef` and `targetRefs` of a policy. */
export function validatePolicyTarget(spec: SpecNode): void {
  const selector = spec.field('selector');
  const single = spec.field('targetRef');
  const many = spec.field('targetRefs');
  validateSelector(selector);
  const references = single.isSet || many.items.length > 0;
  selector.errorIf(
    selector.isSet && references,
    'only one of targetRefs or workloadSelector can be set',
  );
  many.errorIf(
    single.isSet && many.items.length > 0,
    'only one of targetRef or targetRefs can be set',
  );
  if (single.isSet) {
    validateTargetRef(single);
  }
  for (const reference of many.items) {
    validateTargetRef(reference);
  }
}
