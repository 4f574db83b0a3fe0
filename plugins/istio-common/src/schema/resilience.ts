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
import { effectiveSettingSchema, verdictSchema } from './verdict';

export const resilienceGroupSchema = z
  .object({
    subject: z.enum([
      'timeouts-and-retries',
      'connection-pool',
      'outlier-detection',
      'load-balancing',
      'locality',
    ]),
    sentence: z.string().describe('what the values do, in words'),
    settings: z.array(effectiveSettingSchema),
  })
  .meta({ id: 'ResilienceGroup' });

/** The values in effect towards one port, or one subset of it. */
export const resilienceTargetSchema = z
  .object({
    port: z.number(),
    name: z.string(),
    protocol: z.string(),
    subset: z
      .string()
      .optional()
      .describe('a subset that routes send to; absent: the whole service'),
    sentence: z.string(),
    groups: z.array(resilienceGroupSchema),
    sameAsPort: z
      .boolean()
      .describe('of a subset: nothing differs from the whole service'),
  })
  .meta({ id: 'ResilienceTarget' });

export const resilienceViewSchema = z
  .object({
    services: z.array(
      z.object({
        service: serviceRefSchema,
        client: clientRefSchema,
        clients: z.array(clientRefSchema).describe('selectable with ?client='),
        verdict: verdictSchema.describe(
          'in words first; never green by itself',
        ),
        targets: z.array(resilienceTargetSchema),
      }),
    ),
  })
  .meta({ id: 'ResilienceView' });
