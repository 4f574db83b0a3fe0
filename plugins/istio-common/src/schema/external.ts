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
import { provenanceSchema, verdictSchema } from './verdict';

/** A host of a ServiceEntry, as one workload sees it. */
export const externalHostSchema = z
  .object({
    host: z.string(),
    object: objectRefSchema,
    location: z.enum(['outside', 'inside']).describe('of the mesh'),
    ports: z.array(
      z.object({ port: z.number(), name: z.string(), protocol: z.string() }),
    ),
    sentence: z
      .string()
      .describe('how its address is found and what is sent, in words'),
    use: z
      .enum(['seen', 'not-seen', 'unknown'])
      .describe('traffic of this workload in the window'),
    requestsPerSecond: z.number().optional(),
    verdict: verdictSchema,
    provenance: provenanceSchema.optional(),
  })
  .meta({ id: 'ExternalHost' });

export const externalViewSchema = z
  .object({
    workloads: z.array(
      z.object({
        workload: workloadRefSchema,
        outbound: z.object({
          mode: z.enum([
            'ALLOW_ANY',
            'REGISTRY_ONLY',
            'ALLOW_ANY_DYNAMIC_DNS',
            'not-enforced',
            'unknown',
          ]),
          sentence: z
            .string()
            .describe('what happens to a destination that Istio does not know'),
          provenance: provenanceSchema.optional(),
        }),
        hosts: z
          .array(externalHostSchema)
          .describe('used first, then of its own namespace, then others'),
        total: z.number(),
        verdict: verdictSchema,
      }),
    ),
  })
  .meta({ id: 'ExternalView' });
