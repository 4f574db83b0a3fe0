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
  asArray,
  asObject,
  asString,
  fieldAt,
  type Json,
  type KubernetesObject,
} from './object';

/** One broken rule: the field and what is wrong with it. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

const DNS_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

const ENUMS: {
  readonly [kind: string]: readonly (readonly [string, readonly string[]])[];
} = {
  PeerAuthentication: [
    ['spec.mtls.mode', ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']],
  ],
  AuthorizationPolicy: [['spec.action', ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']]],
  ServiceEntry: [
    ['spec.location', ['MESH_EXTERNAL', 'MESH_INTERNAL']],
    [
      'spec.resolution',
      ['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'],
    ],
  ],
  DestinationRule: [
    [
      'spec.trafficPolicy.tls.mode',
      ['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'],
    ],
  ],
};

const REQUIRED: { readonly [kind: string]: readonly string[] } = {
  DestinationRule: ['spec.host'],
  ServiceEntry: ['spec.hosts'],
  Deployment: ['spec.selector', 'spec.template'],
  StatefulSet: ['spec.selector', 'spec.template'],
  DaemonSet: ['spec.selector', 'spec.template'],
  Pod: ['spec.containers'],
};

function weightErrors(object: KubernetesObject): FieldError[] {
  const errors: FieldError[] = [];
  for (const [rule, entry] of asArray(
    fieldAt(object, 'spec', 'http'),
  ).entries()) {
    for (const [index, route] of asArray(asObject(entry).route).entries()) {
      const field = `spec.http[${rule}].route[${index}]`;
      const weight: Json = asObject(route).weight;
      if (weight !== undefined && (typeof weight !== 'number' || weight < 0)) {
        errors.push({
          field: `${field}.weight`,
          message: `Invalid value: ${JSON.stringify(
            weight,
          )}: must be a number of at least 0`,
        });
      }
      if (!asString(fieldAt(route, 'destination', 'host'))) {
        errors.push({
          field: `${field}.destination.host`,
          message: 'Required value',
        });
      }
    }
  }
  return errors;
}

/** What a real API server would refuse about an object; empty when it would take it. */
export function validateObject(
  object: KubernetesObject,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { name } = object.metadata;
  if (!DNS_NAME.test(name) || name.length > 253) {
    errors.push({
      field: 'metadata.name',
      message: `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
    });
  }
  for (const path of REQUIRED[object.kind] ?? []) {
    if (fieldAt(object, ...path.split('.')) === undefined) {
      errors.push({ field: path, message: 'Required value' });
    }
  }
  for (const [path, allowed] of ENUMS[object.kind] ?? []) {
    const value = fieldAt(object, ...path.split('.'));
    if (value !== undefined && !allowed.includes(asString(value))) {
      errors.push({
        field: path,
        message: `Unsupported value: ${JSON.stringify(
          value,
        )}: supported values: ${allowed.map(entry => `"${entry}"`).join(', ')}`,
      });
    }
  }
  return object.kind === 'VirtualService'
    ? [...errors, ...weightErrors(object)]
    : errors;
}
