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

/** The name in `gateways` that stands for every sidecar. */
export const MESH_GATEWAY = 'mesh';

/**
 * `namespace/name` of a gateway as a VirtualService writes it: `gw`, `./gw`, `ns/gw` or the legacy `gw.ns.svc…`. R5.1
 */
export function resolveGatewayName(gateway: string, namespace: string): string {
  if (gateway === MESH_GATEWAY) {
    return gateway;
  }
  if (gateway.includes('/')) {
    const [where, name] = gateway.split('/', 2);
    return `${where === '.' ? namespace : where}/${name}`;
  }
  const [name, where] = gateway.split('.', 3);
  return where === undefined ? `${namespace}/${name}` : `${where}/${name}`;
}

/**
 * The fully qualified host of a name as an object of a namespace writes it: a name without a dot is a service of that
 * namespace; `*`, addresses and everything with a dot stay. R5.1
 */
export function resolveShortName(
  host: string,
  namespace: string,
  clusterDomain: string,
): string {
  return host === '' ||
    host.includes('*') ||
    host.includes('.') ||
    host.includes(':')
    ? host
    : `${host}.${namespace}.svc.${clusterDomain}`;
}
