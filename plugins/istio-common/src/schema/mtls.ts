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
  serviceRefSchema,
  workloadRefSchema,
} from './references';
import { provenanceSchema, verdictSchema } from './verdict';

export const serverModeSchema = z.enum([
  'STRICT',
  'PERMISSIVE',
  'DISABLE',
  'MIXED',
  'NONE',
  'UNKNOWN',
]);

export const transportSchema = z.enum([
  'mutual-tls',
  'hbone',
  'plaintext',
  'tls',
  'mixed',
  'none',
  'unknown',
]);

/** What one kind of client would send to a port, and how that ends. */
export const mtlsPathSchema = z
  .object({
    client: clientRefSchema,
    sends: transportSchema,
    provenance: provenanceSchema.optional(),
    outcome: z.enum(['encrypted', 'unencrypted', 'mixed', 'broken', 'unknown']),
    verdict: verdictSchema,
  })
  .meta({ id: 'MtlsPath' });

export const mtlsPortSchema = z
  .object({
    port: z.number(),
    name: z.string(),
    protocol: z.string(),
    targetPorts: z.array(z.number()),
    serverMode: serverModeSchema,
    serverModeBy: provenanceSchema
      .optional()
      .describe('The policy that decided; absent for the default'),
    perWorkload: z.array(
      z.object({
        workload: workloadRefSchema,
        mode: serverModeSchema,
        by: provenanceSchema.optional(),
      }),
    ),
    paths: z.array(mtlsPathSchema),
    verdict: verdictSchema,
  })
  .meta({ id: 'MtlsPort' });

/** What was observed of one caller, at the server (reporter destination or waypoint). */
export const mtlsCallerSchema = z
  .object({
    namespace: z.string(),
    workload: z.string().describe('`unknown` when the caller has no proxy'),
    principal: z.string().optional(),
    entityRef: z.string().optional(),
    requestsPerSecond: z.number().optional(),
    tcpConnectionsPerSecond: z.number().optional(),
    mutualTlsShare: z.number().describe('0 to 1').optional(),
  })
  .meta({ id: 'MtlsCaller' });

export const mtlsViewSchema = z
  .object({
    services: z.array(
      z.object({
        service: serviceRefSchema,
        summary: z.enum([
          'mtls',
          'mixed',
          'plaintext',
          'broken',
          'not-in-mesh',
          'unknown',
        ]),
        verdict: verdictSchema,
        autoMtls: z.boolean(),
        ports: z.array(mtlsPortSchema),
        observed: z
          .object({
            mutualTlsShare: z
              .number()
              .optional()
              .describe('0 to 1, of requests and connections'),
            plaintextPerSecond: z.number().optional(),
            callers: z.array(mtlsCallerSchema),
            reason: z.string().optional().describe('why there is no number'),
          })
          .optional(),
      }),
    ),
  })
  .meta({ id: 'MtlsView' });
