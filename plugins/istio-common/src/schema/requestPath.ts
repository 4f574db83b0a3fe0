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
import { provenanceSchema, verdictSchema } from './verdict';

/** One thing that happens to a request on its way, in the order it happens. */
export const requestStepSchema = z
  .object({
    stage: z.enum([
      'scope',
      'listener',
      'virtual-host',
      'rule',
      'fault',
      'redirect',
      'direct-response',
      'rewrite',
      'mirror',
      'timeout',
      'retries',
      'destination',
      'traffic-policy',
      'endpoints',
      'locality',
      'waypoint',
      'client-tls',
      'server-mode',
      'server-limits',
      'server-retries',
      'authorization',
      'delivery',
    ]),
    state: z
      .enum(['pass', 'fail', 'unknown', 'not-applicable'])
      .describe(
        'pass: the request goes on. fail: it ends here. not-applicable: nothing acts.',
      ),
    says: z.string(),
    at: objectRefSchema
      .optional()
      .describe('the proxy or workload; absent: the caller’s own side'),
    facts: z.array(provenanceSchema),
  })
  .meta({ id: 'RequestStep' });

export const requestOutcomeSchema = z
  .object({
    ending: z.enum([
      'delivered',
      'answered',
      'denied',
      'failed',
      'outside',
      'unknown',
    ]),
    says: z.string(),
    code: z.number().optional().describe('HTTP status, when a proxy gives it'),
    flag: z.string().optional().describe('Envoy’s response flag'),
    encrypted: z.boolean().optional().describe('on every hop'),
  })
  .meta({ id: 'RequestOutcome' });

export interface RequestBranchShape {
  share: number;
  because: string;
  steps: z.infer<typeof requestStepSchema>[];
  branches: RequestBranchShape[];
  outcome?: z.infer<typeof requestOutcomeSchema>;
}

/** A part of the way: steps in order, then either branches or an end. */
export const requestBranchSchema: z.ZodType<RequestBranchShape> = z
  .lazy(() =>
    z.object({
      share: z
        .number()
        .describe('0 to 100, of the requests that come to the fork'),
      because: z.string().describe('what makes a request go this way'),
      steps: z.array(requestStepSchema),
      branches: z.array(requestBranchSchema),
      outcome: requestOutcomeSchema.optional(),
    }),
  )
  .meta({ id: 'RequestBranch' });

export const requestPathViewSchema = z
  .object({
    services: z.array(
      z.object({
        service: serviceRefSchema,
        client: clientRefSchema,
        clients: z.array(clientRefSchema).describe('selectable with ?client='),
        request: z
          .object({
            host: z.string(),
            port: z.number(),
            method: z.string(),
            path: z.string(),
            headers: z.array(z.object({ name: z.string(), value: z.string() })),
          })
          .describe('as it was asked, with what was left out filled in'),
        assumed: z.array(z.string()),
        verdict: verdictSchema,
        way: requestBranchSchema,
      }),
    ),
  })
  .meta({ id: 'RequestPathView' });
