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

import type {
  BackendTLSPolicySpec,
  LocalPolicyTargetReference,
  XBackendTrafficPolicySpec,
} from './gatewayApi';
import { demanded, jsonObject, list, number, record, string } from './shape';

const targetReferences = list(
  record<LocalPolicyTargetReference>({
    group: string,
    kind: demanded(string),
    name: demanded(string),
    sectionName: string,
  }),
);

type Validation = NonNullable<BackendTLSPolicySpec['validation']>;
type CertificateReference = NonNullable<
  Validation['caCertificateRefs']
>[number];

export const backendTLSPolicySpec = record<BackendTLSPolicySpec>({
  targetRefs: targetReferences,
  validation: record<Validation>({
    hostname: string,
    caCertificateRefs: list(
      record<CertificateReference>({
        group: string,
        kind: demanded(string),
        name: demanded(string),
      }),
    ),
    wellKnownCACertificates: string,
    subjectAltNames: list(
      record<NonNullable<Validation['subjectAltNames']>[number]>({
        type: string,
        hostname: string,
        uri: string,
      }),
    ),
  }),
});

type RetryConstraint = NonNullable<
  XBackendTrafficPolicySpec['retryConstraint']
>;

export const xBackendTrafficPolicySpec = record<XBackendTrafficPolicySpec>({
  targetRefs: targetReferences,
  retryConstraint: record<RetryConstraint>({
    budget: record<NonNullable<RetryConstraint['budget']>>({
      percent: number,
      interval: string,
    }),
    minRetryRate: record<NonNullable<RetryConstraint['minRetryRate']>>({
      count: number,
      interval: string,
    }),
  }),
  sessionPersistence: jsonObject,
});
