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
  clientRefSchema,
  objectRefSchema,
  serviceRefSchema,
} from './references';
import {
  effectiveSettingSchema,
  ignoredObjectSchema,
  provenanceSchema,
  verdictSchema,
} from './verdict';

export const routeDestinationSchema = z
  .object({
    host: z.string(),
    entityRef: z
      .string()
      .optional()
      .describe('the catalog entity of the service it names'),
    port: z.number().optional(),
    subset: z.string().optional(),
    subsetLabels: z.record(z.string(), z.string()).optional(),
    configuredWeight: z.number().describe('0 to 100, of its rule'),
    readyPods: z.number().optional(),
    totalPods: z.number().optional(),
    provenance: provenanceSchema.optional(),
    verdict: verdictSchema,
    observed: z
      .object({
        share: z
          .number()
          .optional()
          .describe('0 to 1, of the traffic of its rule’s destinations'),
        requestsPerSecond: z.number().optional(),
        requests: z
          .number()
          .optional()
          .describe('requests in the window: the sample size'),
        state: z.enum([
          'as-configured',
          'differs',
          'too-little-traffic',
          'not-comparable',
          'no-data',
        ]),
        reason: z.string(),
      })
      .optional(),
  })
  .meta({ id: 'RouteDestination' });

export const routeRuleSchema = z
  .object({
    index: z.number(),
    name: z.string().optional(),
    object: objectRefSchema.optional().describe('absent for the default route'),
    path: z.string().optional().describe('for example spec.http[1]'),
    matches: z.array(z.string()).describe('in words; empty: every request'),
    unreachable: z.string().optional().describe('why no request gets here'),
    action: z.enum(['route', 'redirect', 'direct-response', 'none']),
    actionText: z
      .string()
      .optional()
      .describe('redirect target, response code …'),
    destinations: z.array(routeDestinationSchema),
    timeout: effectiveSettingSchema.optional(),
    retries: effectiveSettingSchema.optional(),
    fault: effectiveSettingSchema.optional(),
    mirrors: z.array(z.string()),
    rewrite: z.string().optional(),
    headers: z.array(z.string()),
    verdict: verdictSchema,
  })
  .meta({ id: 'RouteRule' });

export const routePortSchema = z
  .object({
    port: z.number(),
    name: z.string(),
    protocol: z.string(),
    hosts: z.array(z.string()).describe('names clients may use'),
    ownedBy: provenanceSchema
      .optional()
      .describe('absent when the default route serves'),
    rules: z.array(routeRuleSchema),
    whenNothingMatches: z.string(),
    verdict: verdictSchema,
  })
  .meta({ id: 'RoutePort' });

export const routesViewSchema = z
  .object({
    services: z.array(
      z.object({
        service: serviceRefSchema,
        client: clientRefSchema,
        clients: z.array(clientRefSchema).describe('selectable with ?client='),
        verdict: verdictSchema,
        ports: z.array(routePortSchema),
        ignored: z.array(ignoredObjectSchema),
      }),
    ),
  })
  .meta({ id: 'RoutesView' });
