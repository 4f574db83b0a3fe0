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
import { clientRefSchema, serviceRefSchema } from './references';
import { provenanceSchema, verdictSchema } from './verdict';

/** Endpoints of one cluster that a caller reaches in the same way. */
export const clusterEndpointsSchema = z
  .object({
    cluster: z.string().describe('its name in this portal'),
    own: z.boolean().describe('the cluster of the caller'),
    network: z.string().describe('empty: the default network'),
    endpoints: z.object({ total: z.number(), ready: z.number() }),
    reach: z
      .enum(['direct', 'gateway', 'none'])
      .describe(
        'direct: by their own addresses; gateway: through an entrance of their network; none: the caller does not get them',
      ),
    sentence: z.string(),
    provenance: provenanceSchema.optional(),
    entrances: z.array(
      z.object({
        address: z.string().describe('host or address, and port'),
        provenance: provenanceSchema,
      }),
    ),
    localities: z
      .array(
        z.object({
          locality: z
            .string()
            .describe('region/zone/subzone; empty: not known'),
          ready: z.number(),
          rank: z
            .number()
            .optional()
            .describe('with failover: 0 is used first, 1 when those fail'),
          share: z
            .number()
            .optional()
            .describe('with weights by locality: 0 to 1 of the requests'),
        }),
      )
      .describe('of the ready endpoints that the caller gets; nearest first'),
  })
  .meta({ id: 'ClusterEndpoints' });

/** One service that several clusters have, as a caller in one of them sees it. */
export const clustersServiceSchema = z
  .object({
    service: serviceRefSchema.describe('in the cluster of the caller'),
    client: clientRefSchema,
    clients: z.array(clientRefSchema).describe('selectable with ?client='),
    verdict: verdictSchema,
    clusters: z.array(clusterEndpointsSchema),
    locality: z
      .object({
        sentence: z.string(),
        caller: z
          .string()
          .optional()
          .describe('where the caller runs; absent: not known'),
        provenance: provenanceSchema.optional(),
      })
      .describe('what decides the order in which endpoints are used'),
    differences: z
      .array(provenanceSchema)
      .describe('where the Services of the clusters differ'),
    unknown: z.array(z.string()).describe('what cannot be seen, and why'),
  })
  .meta({ id: 'ClustersService' });

export const clustersViewSchema = z
  .object({
    services: z
      .array(clustersServiceSchema)
      .describe('empty where no service is in several clusters'),
  })
  .meta({ id: 'ClustersView' });
