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

import type { K8sListener } from '../../objects';
import type { References } from './references';

function allowedNamespaces(
  listener: K8sListener,
  gatewayNamespace: string,
  references: References,
): readonly string[] {
  const allowed = listener.allowedRoutes?.namespaces;
  switch (allowed?.from ?? 'Same') {
    case 'Same':
      return [gatewayNamespace];
    case 'All':
      return ['*'];
    case 'None':
      return [];
    default:
      return allowed?.selector === undefined
        ? ['*']
        : references.namespacesMatching(allowed.selector);
  }
}

/**
 * The hosts of a listener's server, `namespace/host` for every namespace whose routes may attach. `~/host` when none
 * may: the server is there, and no route fits it. R7.14
 */
export function listenerHosts(
  listener: K8sListener,
  gatewayNamespace: string,
  references: References,
): string[] {
  const host = (listener.hostname ?? '') || '*';
  const namespaces = allowedNamespaces(listener, gatewayNamespace, references);
  return namespaces.length === 0
    ? [`~/${host}`]
    : namespaces.map(namespace => `${namespace}/${host}`);
}
