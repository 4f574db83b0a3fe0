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
import { clusterStatusSchema } from './envelope';
import { serviceRefSchema } from './references';
import { sloBriefSchema } from './slo';
import { verdictSchema } from './verdict';
import { proxyTypeSchema } from './overview';

/** One row of the Mesh page. */
export const meshServiceSchema = z
  .object({
    service: serviceRefSchema,
    state: z
      .enum(['pass', 'fail', 'unknown', 'not-applicable'])
      .describe('the worst of its verdicts'),
    headline: z.string(),
    proxy: proxyTypeSchema,
    pods: z.object({ total: z.number(), inMesh: z.number() }),
    mtls: verdictSchema.pick({ state: true, reason: true }),
    mtlsSummary: z.string(),
    routes: verdictSchema.pick({ state: true, reason: true }),
    authorization: verdictSchema.pick({ state: true, reason: true }),
    posture: z.string(),
    requestsPerSecond: z.number().optional(),
    share5xx: z.number().optional(),
    slo: sloBriefSchema.optional().describe('absent where no metrics are read'),
    entityRef: z.string().optional(),
    owner: z.string().optional().describe('entity ref of the owner'),
  })
  .meta({ id: 'MeshService' });

export const meshServicesViewSchema = z
  .object({
    services: z.array(meshServiceSchema).describe('worst first'),
    total: z.number(),
    truncated: z.boolean(),
  })
  .meta({ id: 'MeshServicesView' });

export const prometheusStatusSchema = z
  .object({
    source: z.string(),
    clusters: z.array(z.string()),
    state: z.enum(['ok', 'degraded', 'unavailable', 'not-configured']),
    message: z.string().optional(),
  })
  .meta({ id: 'PrometheusStatus' });

export const healthSchema = z
  .object({
    status: z.enum(['ok', 'degraded']),
    clusters: z.array(clusterStatusSchema),
    prometheus: z.array(prometheusStatusSchema),
  })
  .meta({ id: 'Health' });
