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

/** See `ObjectRef` of the mesh model. */
export const objectRefSchema = z.object({
  group: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
});

export const serviceRefSchema = z
  .object({
    cluster: z.string(),
    namespace: z.string(),
    name: z.string(),
    host: z.string().describe('Fully qualified domain name'),
    entityRef: z
      .string()
      .optional()
      .describe('the catalog entity it belongs to, where the user may see one'),
  })
  .meta({ id: 'ServiceRef' });

export const workloadRefSchema = z
  .object({
    cluster: z.string(),
    namespace: z.string(),
    kind: z
      .string()
      .describe('Deployment, StatefulSet, DaemonSet, Pod, WorkloadEntry, …'),
    name: z.string(),
  })
  .meta({ id: 'WorkloadRef' });

/** The caller whose view of the mesh an answer gives. */
export const clientRefSchema = z
  .object({
    id: z
      .string()
      .describe('Stable id to select it: namespace, or namespace/kind/name'),
    cluster: z.string(),
    namespace: z.string(),
    workload: workloadRefSchema.optional(),
    gateway: z.boolean(),
    label: z.string(),
    entityRef: z
      .string()
      .optional()
      .describe('the catalog entity of the workload'),
  })
  .meta({ id: 'ClientRef' });
