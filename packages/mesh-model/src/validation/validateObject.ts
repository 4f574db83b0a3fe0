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

import { isKindOf } from './kind';
import {
  validateProxyConfig,
  validateTrafficExtension,
  validateWasmPlugin,
} from './extensions';
import { validateGateway } from './gateway';
import {
  validateAuthorizationPolicy,
  validatePeerAuthentication,
  validateRequestAuthentication,
  refuseDryRun,
} from './security';
import {
  validateServiceEntry,
  validateWorkloadEntry,
  validateWorkloadGroup,
} from './serviceEntry';
import { validateSidecar } from './sidecar';
import type { SpecNode, ValidationResult } from './SpecNode';
import { validateValue } from './SpecNode';
import { validateTelemetry } from './telemetry';
import { validateDestinationRule } from './trafficPolicy';
import { validateVirtualService } from './virtualService';

/** An Istio object as the Kubernetes API gives it, before projection. */
export interface RawIstioObject {
  kind: string;
  metadata: {
    name?: string;
    namespace?: string;
    annotations?: Readonly<Record<string, string>>;
  };
  spec?: unknown;
}

interface Surroundings {
  name: string | undefined;
  namespace: string;
  annotations: Readonly<Record<string, string>>;
}

type Validator = (spec: SpecNode, surroundings: Surroundings) => void;

const VALIDATORS = {
  Gateway: (spec, { name }) => validateGateway(spec, name),
  VirtualService: (spec, { namespace }) =>
    validateVirtualService(spec, namespace),
  DestinationRule: (spec, { namespace }) =>
    validateDestinationRule(spec, namespace),
  ServiceEntry: (spec, { namespace }) => validateServiceEntry(spec, namespace),
  WorkloadEntry: spec => validateWorkloadEntry(spec),
  WorkloadGroup: spec => validateWorkloadGroup(spec),
  Sidecar: (spec, { namespace }) => validateSidecar(spec, namespace),
  AuthorizationPolicy: (spec, { annotations }) =>
    validateAuthorizationPolicy(spec, annotations),
  RequestAuthentication: spec => validateRequestAuthentication(spec),
  PeerAuthentication: spec => validatePeerAuthentication(spec),
  Telemetry: spec => validateTelemetry(spec),
  WasmPlugin: spec => validateWasmPlugin(spec),
  TrafficExtension: spec => validateTrafficExtension(spec),
  ProxyConfig: spec => validateProxyConfig(spec),
} as const satisfies Record<string, Validator>;

/**
 * What Istio's admission would say about an object: errors (it would be refused) and warnings, each with the field.
 * `undefined` when the kind is not one whose rules are known here: nothing is then said about it.
 */
export function validateObject(
  object: RawIstioObject,
): ValidationResult | undefined {
  const validator: Validator | undefined = isKindOf(VALIDATORS, object.kind)
    ? VALIDATORS[object.kind]
    : undefined;
  return (
    validator &&
    validateValue(object.spec, spec => {
      const { name, namespace = '', annotations = {} } = object.metadata;
      if (object.kind !== 'AuthorizationPolicy') {
        refuseDryRun(spec, annotations);
      }
      validator(spec, { name, namespace, annotations });
    })
  );
}
