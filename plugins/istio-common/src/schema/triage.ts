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
import { objectRefSchema, serviceRefSchema } from './references';
import { sloBriefSchema } from './slo';
import { verdictSchema } from './verdict';

const rate = z.number().describe('per second');
const share = z.number().describe('0 to 1');

/** Requests and failures of one moment. */
export const triageMomentSchema = z
  .object({
    requestsPerSecond: rate,
    errorsPerSecond: rate.describe('5xx, no response, gRPC server faults'),
    errorShare: share.optional().describe('absent without requests'),
    neverArrivedPerSecond: rate
      .optional()
      .describe('failures that only clients saw'),
  })
  .meta({ id: 'TriageMoment' });

/** Errors of one caller, version and outcome: its part of what changed. */
export const triageCellSchema = z
  .object({
    callerNamespace: z.string(),
    caller: z.string(),
    callerEntityRef: z.string().optional(),
    workload: z.string(),
    version: z.string(),
    code: z.string().describe('in words: 503, gRPC 14, no response'),
    flag: z.string().describe('response_flags; - where there is none'),
    how: z
      .string()
      .describe(
        'who made the answer: answered by the app, no healthy endpoint',
      ),
    causes: z.array(z.string()),
    seenBy: z.enum(['server', 'client']),
    now: rate,
    base: rate.optional().describe('absent without a baseline'),
    delta: rate,
    share: share.optional().describe('of all that changed on its side'),
  })
  .meta({ id: 'TriageCell' });

/** A query a person can repeat. */
export const triageEvidenceSchema = z
  .object({
    title: z.string(),
    query: z.string(),
    at: z.string().describe('ISO 8601 instant of the evaluation'),
  })
  .meta({ id: 'TriageEvidence' });

/** One question of the order in which causes are looked for. */
export const triageCheckSchema = z
  .object({
    check: z.enum([
      'never-arrived',
      'version',
      'caller',
      'cluster',
      'pod',
      'saturation',
      'configuration',
      'dependency',
    ]),
    outcome: z.enum(['points-here', 'clear', 'unknown', 'not-applicable']),
    words: z.string(),
  })
  .meta({ id: 'TriageCheck' });

/** A change of an object that could have to do with it. */
export const triageChangeSchema = z
  .object({
    cluster: z.string(),
    object: objectRefSchema,
    what: z.enum(['created', 'changed', 'deleted']),
    at: z.string().describe('ISO 8601'),
    by: z.string().optional().describe('the field manager that wrote it'),
    fields: z.array(z.string()).describe('what differs, where it was seen'),
    source: z
      .enum(['creationTimestamp', 'managedFields', 'seen'])
      .describe('seen: a watch of this portal reported it'),
    relation: z
      .enum([
        'workload',
        'acts-on-service',
        'caller',
        'same-namespace',
        'mesh-wide',
      ])
      .describe(
        'closest first; caller: the workload of a caller that sees more errors',
      ),
    secondsBefore: z
      .number()
      .optional()
      .describe('before the beginning; negative: after it'),
  })
  .meta({ id: 'TriageChange' });

export const triageServiceSchema = z
  .object({
    service: serviceRefSchema,
    state: z
      .enum([
        'incident',
        'persisting',
        'calm',
        'too-little-traffic',
        'no-baseline',
        'unknown',
      ])
      .describe(
        'incident: more errors than at the baseline. persisting: as many errors as at the baseline, and many. no-baseline: nothing to compare with. calm is never said on missing numbers.',
      ),
    verdict: verdictSchema,
    headline: z
      .string()
      .describe('One sentence without the time, which `since` has'),
    detail: z.array(z.string()).describe('more sentences'),
    baseline: z
      .object({
        moment: z.enum(['1h', '1d', '1w']),
        words: z.string().describe('for example: an hour ago'),
        available: z.array(z.enum(['1h', '1d', '1w'])),
      })
      .optional(),
    now: triageMomentSchema.optional(),
    base: triageMomentSchema.optional(),
    since: z
      .object({
        at: z
          .string()
          .optional()
          .describe('ISO 8601; absent: no clear beginning'),
        uncertaintySeconds: z.number(),
        lookedBackSeconds: z.number(),
        words: z.string(),
      })
      .optional(),
    cells: z.array(triageCellSchema).describe('largest part first'),
    callers: z.number().describe('callers that see more errors'),
    rateAndMix: z
      .object({ rate: z.number(), mix: z.number(), words: z.string() })
      .optional(),
    slow: z
      .object({
        thresholdMs: z.number(),
        standsOut: z.boolean(),
        words: z.string(),
        byVersion: z.array(
          z.object({
            version: z.string(),
            now: rate,
            base: rate.optional(),
            delta: rate,
          }),
        ),
      })
      .optional(),
    checks: z.array(triageCheckSchema).describe('in the order they were made'),
    changes: z.array(triageChangeSchema).describe('most likely first'),
    changesSeenSince: z
      .string()
      .optional()
      .describe('ISO 8601: since when this portal sees changes and deletions'),
    next: z.array(z.string()).describe('what to look at next'),
    series: z.array(
      z.object({
        at: z.number().describe('epoch seconds'),
        errorsPerSecond: rate.optional(),
        requestsPerSecond: rate.optional(),
      }),
    ),
    stepSeconds: z.number().optional(),
    evidence: z.array(triageEvidenceSchema),
    problems: z.array(z.string()).describe('what is missing, in words'),
  })
  .meta({ id: 'TriageService' });

export const triageViewSchema = z
  .object({ services: z.array(triageServiceSchema) })
  .meta({ id: 'TriageView' });

/** One row of *My services*. */
export const myServiceSchema = z
  .object({
    service: serviceRefSchema,
    entityRef: z.string(),
    owner: z.string().describe('entity ref of the owner'),
    state: z.enum(['pass', 'fail', 'unknown', 'not-applicable']),
    headline: z.string(),
    requestsPerSecond: rate.optional(),
    errorShare: share.optional(),
    errorsPerSecond: rate.optional(),
    change: z
      .object({
        moment: z.enum(['1h', '1d']),
        errorShareBefore: share,
        standsOut: z.boolean(),
      })
      .optional()
      .describe('absent: nothing to compare with'),
    slo: sloBriefSchema.optional(),
    p95: z
      .number()
      .optional()
      .describe('milliseconds; only where latency was asked for'),
  })
  .meta({ id: 'MyService' });

export const myServicesViewSchema = z
  .object({
    services: z.array(myServiceSchema).describe('worst first'),
    groups: z
      .array(z.string())
      .describe('entity refs the user owns by: own and groups'),
    total: z.number().describe('services of the owned entities'),
    truncated: z.boolean(),
    entities: z.number().describe('owned entities that can be asked about'),
    unresolved: z
      .array(z.object({ entityRef: z.string(), reason: z.string() }))
      .describe('owned entities without a service, and why'),
    latency: z
      .enum(['absent', 'included'])
      .describe('latency is asked for after the errors'),
  })
  .meta({ id: 'MyServicesView' });
