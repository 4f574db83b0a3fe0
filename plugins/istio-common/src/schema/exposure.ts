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
import {
  policyDescriptionSchema,
  requestAuthenticationSchema,
} from './authorization';
import {
  objectRefSchema,
  serviceRefSchema,
  workloadRefSchema,
} from './references';
import {
  ignoredObjectSchema,
  provenanceSchema,
  verdictSchema,
} from './verdict';

/** One thing a request from outside passes, in the order it meets them. */
export const exposureStepSchema = z
  .object({
    kind: z.enum([
      'gateway',
      'listener',
      'host',
      'gateway-policies',
      'route',
      'service',
      'service-policies',
      'workloads',
    ]),
    says: z.string().describe('for example: port 443, HTTPS, TLS ends here'),
    state: z.enum(['pass', 'fail', 'unknown', 'not-applicable']),
    provenance: provenanceSchema.optional(),
  })
  .meta({ id: 'ExposureStep' });

/** Who may come in through a way, and whether the service takes what the gateway sends it. */
export const exposureAccessSchema = z
  .object({
    gateway: z.object({
      admits: z
        .enum(['everybody', 'some', 'nobody', 'unknown'])
        .describe('some: it depends on what the caller is or asks for'),
      verdict: verdictSchema.describe(
        'not-applicable: everybody may come in. fail: nobody may. unknown: it depends, or cannot be known.',
      ),
      policies: z.array(policyDescriptionSchema),
      requestAuthentication: requestAuthenticationSchema,
      ignored: z.array(ignoredObjectSchema),
    }),
    service: z.object({
      admits: z
        .enum(['yes', 'some', 'no', 'unknown'])
        .describe('whether the service lets the gateway in'),
      verdict: verdictSchema,
      remedy: z
        .string()
        .optional()
        .describe('what would let a refused gateway in'),
    }),
  })
  .meta({ id: 'ExposureAccess' });

/** One way from the edge of the mesh to the pods of a service. */
export const exposurePathSchema = z
  .object({
    api: z.enum(['istio', 'gateway-api', 'ingress']),
    gateway: objectRefSchema,
    gatewayWorkloads: z.array(workloadRefSchema),
    addresses: z
      .array(z.string())
      .describe('what to type outside, for example https://shop.example.com'),
    port: z.number(),
    protocol: z.string(),
    tls: z.enum([
      'none',
      'terminated',
      'terminated-with-client-certificate',
      'passed-through',
      'redirects-to-https',
      'unknown',
    ]),
    steps: z.array(exposureStepSchema),
    access: exposureAccessSchema,
    verdict: verdictSchema,
  })
  .meta({ id: 'ExposurePath' });

export const exposureViewSchema = z
  .object({
    services: z.array(
      z.object({
        service: serviceRefSchema,
        verdict: verdictSchema.describe(
          'pass: every request that arrives is let in. unknown: who is let in depends, or cannot be known. not-applicable: nothing leads to it. fail: something should and does not.',
        ),
        paths: z.array(exposurePathSchema),
        notAttached: z
          .array(ignoredObjectSchema)
          .describe('what would lead to the service and does not, and why'),
      }),
    ),
  })
  .meta({ id: 'ExposureView' });
