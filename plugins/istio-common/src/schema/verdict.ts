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
import { objectRefSchema } from './references';

/** A field for which istiod's admission would refuse an object that stands in the cluster all the same. */
export const refusalSchema = z
  .object({
    path: z.string().describe('for example spec.http[0].retries.retryOn'),
    message: z.string(),
  })
  .meta({ id: 'Refusal' });

export interface ProvenanceShape {
  object: z.infer<typeof objectRefSchema>;
  path?: string;
  says: string;
  overrides?: ProvenanceShape[];
  refusals?: z.infer<typeof refusalSchema>[];
}

/** See `Provenance` of the mesh model: which object and field decided, and what it overrode. */
export const provenanceSchema: z.ZodType<ProvenanceShape> = z
  .lazy(() =>
    z.object({
      object: objectRefSchema,
      path: z.string().optional(),
      says: z.string(),
      overrides: z.array(provenanceSchema).optional(),
      refusals: z
        .array(refusalSchema)
        .optional()
        .describe(
          'fields of the object for which istiod would refuse it, were it written now',
        ),
    }),
  )
  .meta({ id: 'Provenance' });

/** See `Verdict` of the mesh model. */
export const verdictSchema = z
  .object({
    state: z.enum(['pass', 'fail', 'unknown', 'not-applicable']),
    reason: z.string().describe('One sentence for a person'),
    facts: z.array(provenanceSchema),
  })
  .meta({ id: 'Verdict' });

/** A setting with the value in effect and where it comes from. */
export const effectiveSettingSchema = z
  .object({
    setting: z
      .string()
      .describe(
        'for example timeout, retries, connectionPool.http2MaxRequests',
      ),
    value: z.string().describe('in words with unit'),
    isDefault: z.boolean(),
    from: z
      .string()
      .optional()
      .describe('where the value is inherited from, in words'),
    provenance: provenanceSchema.optional(),
  })
  .meta({ id: 'EffectiveSetting' });

/** An Istio object that names the service but does not act on it. */
export const ignoredObjectSchema = z
  .object({
    object: objectRefSchema,
    reason: z.string(),
    remedy: z.string().optional().describe('what to write so that it acts'),
    provenance: provenanceSchema.optional(),
  })
  .meta({ id: 'IgnoredObject' });
