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
import { serviceRefSchema, workloadRefSchema } from './references';
import { provenanceSchema } from './verdict';

/** What a read of one cluster gave. Never an error of the page: a fact about the answer. */
export const clusterStatusSchema = z
  .object({
    name: z.string(),
    title: z.string().optional(),
    state: z
      .enum([
        'synced',
        'syncing',
        'stale',
        'unreachable',
        'unauthorized',
        'disabled',
      ])
      .describe(
        'synced: watches run. syncing: the first lists are not complete. stale: the last good snapshot serves. unreachable, unauthorized: there is no snapshot.',
      ),
    ageSeconds: z
      .number()
      .optional()
      .describe('Seconds since the cluster was last heard of'),
    message: z.string().optional().describe('What is wrong and what to do'),
    missingKinds: z
      .array(
        z.object({
          kind: z.string(),
          reason: z.enum(['absent', 'forbidden', 'error']),
          message: z.string(),
        }),
      )
      .describe(
        'Kinds that could not be read: the answers that need them say unknown',
      ),
    istioVersions: z.array(z.string()).optional(),
  })
  .meta({ id: 'ClusterStatus' });

export const snapshotStatusSchema = z.object({
  version: z.number(),
  ageSeconds: z
    .number()
    .optional()
    .describe(
      'Age of the oldest cluster snapshot the view was made from; absent where no cluster was ever read',
    ),
  stale: z.boolean(),
});

export const observedStatusSchema = z.object({
  state: z.enum(['available', 'partial', 'unavailable', 'not-configured']),
  window: z.string().describe('for example 1h'),
  at: z.string().describe('ISO 8601 instant of the evaluation'),
  partial: z
    .array(z.string())
    .describe('What is missing, in words; warnings of the source'),
  message: z
    .string()
    .optional()
    .describe('Why nothing was observed, and what to do'),
});

export const resolutionStepSchema = z.object({
  step: z
    .string()
    .describe('for example: annotation backstage.io/kubernetes-id read'),
  outcome: z.enum(['found', 'nothing', 'failed', 'skipped']),
  detail: z.string(),
});

/** How the entity became services and workloads (design §5). */
export const entityResolutionSchema = z
  .object({
    state: z.enum([
      'resolved',
      'unannotated',
      'no-match',
      'invalid-annotation',
      'unknown',
    ]),
    steps: z.array(resolutionStepSchema),
    services: z.array(serviceRefSchema),
    workloads: z.array(workloadRefSchema),
    remedy: z
      .string()
      .optional()
      .describe('What to write where, when nothing was found'),
  })
  .meta({ id: 'EntityResolution' });

/**
 * How far the answer can be trusted. `full`: nothing known speaks against it. `assumed`: it rests on defaults of istiod’s
 * flags that cannot be seen. `advisory`: something acts whose effect cannot be computed, for example an EnvoyFilter, so that
 * the proxies may do other than the answer says.
 */
export const confidenceSchema = z
  .object({
    level: z.enum(['full', 'assumed', 'advisory']),
    reasons: z
      .array(
        z.object({
          direct: z
            .boolean()
            .describe('it concerns just what the view answers'),
          says: z.string(),
          provenance: provenanceSchema.optional(),
        }),
      )
      .describe('those that concern the answer directly first'),
  })
  .meta({ id: 'Confidence' });

/**
 * Wraps every view: who was read, how old it is, and what was observed.
 *
 * @param view - schema of the view inside
 */
export function envelopeSchema<T extends z.ZodType>(view: T) {
  return z.object({
    view,
    resolution: entityResolutionSchema.optional(),
    clusters: z.array(clusterStatusSchema),
    snapshot: snapshotStatusSchema,
    observed: observedStatusSchema.optional(),
    confidence: confidenceSchema.optional(),
  });
}
