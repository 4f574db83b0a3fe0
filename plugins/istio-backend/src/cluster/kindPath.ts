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

import type { KindAddress, ServiceProxyTarget } from './ClusterConnection';

/** The path of the collection of a kind, for example `/apis/networking.istio.io/v1/virtualservices`. */
export function kindPath({ kind, version, namespace }: KindAddress): string {
  const root =
    kind.group === '' ? `/api/${version}` : `/apis/${kind.group}/${version}`;
  const scope =
    namespace === undefined || !kind.namespaced
      ? ''
      : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${scope}/${kind.plural}`;
}

/** The path at which the API server forwards to a port of a Service. */
export function serviceProxyPath(target: ServiceProxyTarget): string {
  const { namespace, service, port } = target;
  return `/api/v1/namespaces/${encodeURIComponent(
    namespace,
  )}/services/${encodeURIComponent(service)}:${encodeURIComponent(port)}/proxy`;
}
