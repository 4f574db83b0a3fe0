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

import { defaultClient } from '../../membership';
import { mesh } from '../../testing';
import { reviewsOf } from '../../testing/bookinfo';
import { ignoredObjectsOfService } from '../ignoredObjectsOf';

let age = 0;

/** An object, each a second younger than the one before it in the same YAML. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  spec: string,
  labels = '',
): string {
  const [namespace, bare] = name.split('/');
  age = (age % 50) + 1;
  return `
---
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: ${bare}, namespace: ${namespace}, labels: {${labels}}, creationTimestamp: "2026-01-01T00:00:${String(
    age,
  ).padStart(2, '0')}Z"}
spec: ${spec}`;
}

/** A VirtualService, by `namespace/name`. */
export const vs = (name: string, spec: string, labels?: string) =>
  object('networking.istio.io/v1', 'VirtualService', name, spec, labels);
/** A DestinationRule, by `namespace/name`. */
export const dr = (name: string, spec: string) =>
  object('networking.istio.io/v1', 'DestinationRule', name, spec);
/** An AuthorizationPolicy, by `namespace/name`. */
export const ap = (name: string, spec: string) =>
  object('security.istio.io/v1', 'AuthorizationPolicy', name, spec);
/** A PeerAuthentication, by `namespace/name`. */
export const pa = (name: string, spec: string) =>
  object('security.istio.io/v1', 'PeerAuthentication', name, spec);

/** The service reviews of Bookinfo. */
export const HOST = 'reviews.bookinfo.svc.cluster.local';
/** A route that sends everything to it. */
export const TO = `http: [{route: [{destination: {host: ${HOST}}}]}]`;

/** What is ignored of the objects about reviews, as a client of a namespace sees it. */
export function ignored(yaml: string, clientNamespace = 'bookinfo') {
  age = 0;
  const snapshot = mesh`${yaml}`;
  return ignoredObjectsOfService(
    snapshot,
    reviewsOf(snapshot),
    yaml.includes('redirection') ? undefined : defaultClient(clientNamespace),
  );
}

/** Which object, why, and where it says so. */
export const summary = (yaml: string, clientNamespace?: string) =>
  ignored(yaml, clientNamespace).map(
    ({ object: { kind, name }, cause, path }) => [
      `${kind} ${name}`,
      cause,
      path,
    ],
  );

/** What is ignored whoever calls: which object, and why. */
export function causes(yaml: string) {
  age = 0;
  const snapshot = mesh`${yaml}`;
  return ignoredObjectsOfService(snapshot, reviewsOf(snapshot)).map(
    ({ object: { name }, cause }) => [name, cause],
  );
}
