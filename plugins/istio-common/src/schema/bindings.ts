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
import { proxyTypeSchema } from './overview';
import {
  objectRefSchema,
  serviceRefSchema,
  workloadRefSchema,
} from './references';
import {
  effectiveSettingSchema,
  ignoredObjectSchema,
  provenanceSchema,
  refusalSchema,
  verdictSchema,
} from './verdict';

/** An object that changes how the proxies of a workload work, in words. */
export const actingObjectSchema = z
  .object({
    object: objectRefSchema,
    scope: z
      .enum(['mesh-wide', 'namespace', 'selector', 'targetRef', 'host'])
      .describe('how it reaches the workload'),
    effect: z
      .enum(['decides', 'layered', 'added', 'overridden'])
      .describe(
        'overridden: narrower objects override all of it. layered: parts of it. added: it stands beside others.',
      ),
    sentence: z.string().describe('what it does to this workload'),
    details: z.array(z.string()).describe('its parts, one sentence each'),
    warning: z
      .string()
      .optional()
      .describe('what deserves attention, for example: changes routes'),
    provenance: provenanceSchema,
  })
  .meta({ id: 'ActingObject' });

/** Where a service stands in the ambient data plane: who captures, who enforces, which waypoint. */
export const ambientServiceSchema = z
  .object({
    service: serviceRefSchema,
    verdict: verdictSchema,
    remedies: z.array(z.string()).describe('what to do, most urgent first'),
    settings: z.array(effectiveSettingSchema),
    policies: z.array(
      z.object({
        object: objectRefSchema,
        enforcedBy: z.enum(['ztunnel', 'waypoint', 'none']),
        verdict: verdictSchema,
      }),
    ),
  })
  .meta({ id: 'AmbientService' });

export const bindingsWorkloadSchema = z
  .object({
    workload: workloadRefSchema,
    proxy: proxyTypeSchema,
    verdict: verdictSchema.describe('what acts beside routes and policies'),
    objects: z.array(actingObjectSchema),
    telemetry: z.object({
      tracing: z.array(effectiveSettingSchema),
      accessLogging: z.array(effectiveSettingSchema),
      metrics: z.array(effectiveSettingSchema),
    }),
    proxyConfig: z.object({
      settings: z.array(effectiveSettingSchema),
      drift: verdictSchema.describe(
        'do the running proxies have what is configured now',
      ),
    }),
  })
  .meta({ id: 'BindingsWorkload' });

/** Objects of a service that istiod's admission would refuse, were they written now. */
export const refusedObjectsSchema = z
  .object({
    service: serviceRefSchema,
    verdict: verdictSchema,
    objects: z.array(
      z.object({
        object: objectRefSchema,
        acts: z.boolean().describe('on the service, all the same'),
        refusals: z.array(refusalSchema),
      }),
    ),
  })
  .meta({ id: 'RefusedObjects' });

export const bindingsViewSchema = z
  .object({
    workloads: z.array(bindingsWorkloadSchema),
    ambient: z
      .array(ambientServiceSchema)
      .describe('services that ambient or a waypoint concerns'),
    ignored: z.array(
      z.object({
        service: serviceRefSchema,
        verdict: verdictSchema,
        objects: z
          .array(ignoredObjectSchema)
          .describe('objects that name the service and do not act on it'),
      }),
    ),
    refused: z
      .array(refusedObjectsSchema)
      .describe('services with objects that istiod would refuse today'),
  })
  .meta({ id: 'BindingsView' });
