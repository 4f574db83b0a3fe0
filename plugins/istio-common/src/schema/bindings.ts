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
import { objectRefSchema, workloadRefSchema } from './references';
import {
  effectiveSettingSchema,
  ignoredObjectSchema,
  provenanceSchema,
  verdictSchema,
} from './verdict';

/** An object that changes how the proxy of a workload works, in words. */
export const actingObjectSchema = z
  .object({
    object: objectRefSchema,
    scope: z.enum(['mesh', 'namespace', 'workload', 'service', 'gateway']),
    sentence: z.string().describe('what it does to this workload'),
    details: z.array(z.string()).describe('its parts, one sentence each'),
    warning: z
      .string()
      .optional()
      .describe('what deserves attention, for example: patches routes'),
    provenance: provenanceSchema.optional(),
  })
  .meta({ id: 'ActingObject' });

/** Ambient capture and the waypoint in front, of one workload. */
export const ambientStateSchema = z
  .object({
    verdict: verdictSchema,
    details: z.array(effectiveSettingSchema),
  })
  .meta({ id: 'AmbientState' });

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
    proxyConfig: z.array(effectiveSettingSchema),
    ambient: ambientStateSchema.optional(),
  })
  .meta({ id: 'BindingsWorkload' });

export const bindingsViewSchema = z
  .object({
    workloads: z.array(bindingsWorkloadSchema),
    verdict: verdictSchema,
    ignored: z
      .array(ignoredObjectSchema)
      .describe('objects that name the entity’s services and do not act'),
  })
  .meta({ id: 'BindingsView' });
