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

import { z } from 'zod';
import { objectRefSchema, workloadRefSchema } from './references';
import {
  ignoredObjectSchema,
  provenanceSchema,
  verdictSchema,
} from './verdict';

export const policyDescriptionSchema = z
  .object({
    object: objectRefSchema,
    action: z.enum(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']),
    scope: z.enum(['mesh', 'namespace', 'workload', 'service', 'gateway']),
    dryRun: z.boolean(),
    enforcedBy: z.enum(['sidecar', 'ztunnel', 'waypoint', 'gateway', 'none']),
    rules: z.array(
      z.object({
        path: z.string(),
        sentence: z.string(),
        note: z.string().optional(),
      }),
    ),
    note: z
      .string()
      .optional()
      .describe('what deserves attention, for example: matches nothing'),
  })
  .meta({ id: 'PolicyDescription' });

export const callerVerdictSchema = z
  .object({
    caller: z.object({
      namespace: z.string(),
      workload: z.string(),
      principal: z.string().optional(),
      entityRef: z.string().optional(),
    }),
    decision: z.enum(['allow', 'deny', 'depends', 'unknown']),
    reason: z.string(),
    facts: z.array(provenanceSchema),
    observed: z
      .object({
        protocol: z
          .enum(['http', 'tcp'])
          .describe('tcp: what is counted are connections, not requests'),
        requestsPerSecond: z
          .number()
          .describe('connections opened, where protocol is tcp'),
        refusedPerSecond: z
          .number()
          .describe('answered 403 at the server, or L4 denials'),
      })
      .optional(),
  })
  .meta({ id: 'CallerVerdict' });

/** Which tokens are accepted, and where one is required. */
export const requestAuthenticationSchema = z
  .object({
    state: z
      .enum([
        'none',
        'checked',
        'required-for-some',
        'required',
        'not-enforced',
        'unknown',
      ])
      .describe(
        'none: tokens are not read. checked: an invalid token is refused, a request without one passes. required: no request passes without a valid token. not-enforced: no proxy on the way reads tokens.',
      ),
    verdict: verdictSchema,
    issuers: z.array(
      z.object({
        issuer: z.string(),
        audiences: z.array(z.string()).describe('empty: any'),
        locations: z.array(z.string()).describe('where a token is looked for'),
        keys: z.string().describe('where the keys come from, in words'),
        enforcedBy: z.enum(['sidecar', 'waypoint', 'gateway', 'none']),
        provenance: provenanceSchema,
      }),
    ),
    requiredBy: z
      .array(provenanceSchema)
      .describe('rules of AuthorizationPolicies that demand a token'),
  })
  .meta({ id: 'RequestAuthentication' });

export const authorizationWorkloadSchema = z
  .object({
    workload: workloadRefSchema,
    posture: z.enum([
      'open',
      'allow-all',
      'allow-list',
      'deny-list',
      'allow-and-deny-list',
      'deny-all',
      'custom',
      'not-enforced',
      'unknown',
    ]),
    sentence: z.string().describe('The posture in one sentence'),
    verdict: verdictSchema,
    policies: z.array(policyDescriptionSchema),
    requestAuthentication: requestAuthenticationSchema,
    callers: z.array(callerVerdictSchema),
    ignored: z.array(ignoredObjectSchema),
  })
  .meta({ id: 'AuthorizationWorkload' });

export const authorizationViewSchema = z
  .object({
    workloads: z.array(authorizationWorkloadSchema),
    verdict: verdictSchema,
    refusedPerSecond: z.number().optional().describe('all callers, observed'),
  })
  .meta({ id: 'AuthorizationView' });
