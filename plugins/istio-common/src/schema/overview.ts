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
import { verdictSchema } from './verdict';

export const proxyTypeSchema = z.enum([
  'sidecar',
  'native-sidecar',
  'ambient',
  'waypoint',
  'gateway',
  'ztunnel',
  'vm',
  'none',
  'mixed',
]);

export const workloadMembershipSchema = z
  .object({
    workload: workloadRefSchema,
    proxy: proxyTypeSchema,
    wanted: proxyTypeSchema.describe('What the labels of today ask for'),
    revision: z.string().optional(),
    proxyVersion: z.string().optional(),
    waypoint: z
      .string()
      .optional()
      .describe('namespace/name of the waypoint its traffic traverses'),
    pods: z.object({
      total: z.number(),
      ready: z.number(),
      inMesh: z.number(),
    }),
    serviceAccount: z.string(),
    principal: z.string().optional(),
    version: z.string().optional(),
    verdict: verdictSchema,
    drift: z
      .array(verdictSchema)
      .describe(
        'how running proxies differ from those that new pods would get; the facts name the pods',
      ),
    health: verdictSchema.describe(
      'are its pods ready; does a machine get traffic; the facts name those that are not',
    ),
  })
  .meta({ id: 'WorkloadMembership' });

/** The one-line summary card: the verdicts of the sections, and who is in the mesh. */
export const overviewViewSchema = z
  .object({
    headline: z
      .string()
      .describe('One sentence: calm when all is well, else the worst fact'),
    state: z.enum(['pass', 'fail', 'unknown', 'not-applicable']),
    services: z.array(serviceRefSchema),
    workloads: z.array(workloadMembershipSchema),
    remarks: z
      .array(verdictSchema)
      .describe(
        'what deserves attention beside the verdicts: pods that are not ready, outdated proxies',
      ),
    membership: verdictSchema,
    mtls: verdictSchema,
    routes: verdictSchema,
    exposure: verdictSchema.describe('the way from outside'),
    authorization: verdictSchema,
    signals: verdictSchema,
  })
  .meta({ id: 'OverviewView' });
