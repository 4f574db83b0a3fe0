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
import { serviceRefSchema } from './references';
import { sloServiceSchema } from './slo';
import { verdictSchema } from './verdict';

const rate = z.number().describe('per second');
const share = z.number().describe('0 to 1');

export const latencySchema = z
  .object({
    p50: z.number().optional(),
    p90: z.number().optional(),
    p95: z.number().optional(),
    p99: z.number().optional(),
    buckets: z
      .record(
        z.enum(['p50', 'p90', 'p95', 'p99']),
        z.tuple([z.number(), z.number()]),
      )
      .optional()
      .describe(
        'The histogram bucket [from, to] in ms each quantile lies in: its honest resolution',
      ),
  })
  .describe('milliseconds')
  .meta({ id: 'Latency' });

/** Numbers of one service over one window. Absent means: not known or no traffic, never zero. */
export const signalNumbersSchema = z
  .object({
    requestsPerSecond: rate.optional(),
    share5xx: share.optional(),
    share4xx: share.optional(),
    shareNoResponse: share
      .optional()
      .describe('no HTTP response, client hang-ups left out'),
    shareGrpcErrors: share
      .optional()
      .describe('gRPC server faults of gRPC requests'),
    grpcRequestsPerSecond: rate.optional(),
    clientOnlyFailuresPerSecond: rate
      .optional()
      .describe(
        'seen by clients, never arrived: not part of the other numbers',
      ),
    latency: latencySchema.optional(),
    requestBytesPerSecond: rate.optional(),
    responseBytesPerSecond: rate.optional(),
    requestMessagesPerSecond: rate.optional().describe('gRPC'),
    responseMessagesPerSecond: rate.optional().describe('gRPC'),
    tcp: z
      .object({
        connectionsOpenedPerSecond: rate.optional(),
        connectionsClosedPerSecond: rate.optional(),
        requestBytesPerSecond: rate.optional().describe('client to server'),
        responseBytesPerSecond: rate.optional().describe('server to client'),
        failedPerSecond: rate.optional(),
      })
      .optional(),
  })
  .meta({ id: 'SignalNumbers' });

export const signalPointSchema = z
  .object({
    at: z.number().describe('epoch seconds'),
    requestsPerSecond: rate.optional(),
    share5xx: share.optional(),
    share4xx: share.optional(),
    shareGrpcErrors: share.optional(),
    p50: z.number().optional(),
    p90: z.number().optional(),
    p95: z.number().optional(),
    p99: z.number().optional(),
    requestBytesPerSecond: rate.optional(),
    responseBytesPerSecond: rate.optional(),
    connectionsOpenedPerSecond: rate.optional().describe('TCP'),
  })
  .meta({ id: 'SignalPoint' });

export const containerSaturationSchema = z
  .object({
    pod: z.string(),
    container: z.string(),
    cpuOfLimit: share.optional(),
    memoryOfLimit: share.optional(),
    throttledShare: share.optional(),
    restarts: z.number().optional().describe('in the last hour'),
    note: z.string().optional().describe('for example: no limit set'),
  })
  .meta({ id: 'ContainerSaturation' });

export const signalBaselineSchema = z
  .object({
    against: z
      .enum(['window', 'day', 'week'])
      .describe('the window before, or the same window a day or a week ago'),
    state: z.enum(['available', 'no-baseline', 'unknown']),
    reason: z.string().optional(),
    reporter: z.enum(['destination', 'waypoint', 'source']).optional(),
    numbers: signalNumbersSchema.optional(),
  })
  .meta({ id: 'SignalBaseline' });

export const upstreamClientSchema = z
  .object({
    namespace: z.string(),
    pod: z.string(),
    workload: z.string().optional(),
    entityRef: z.string().optional(),
    port: z.string(),
    subset: z.string().optional(),
    requestsPerSecond: rate.optional(),
    pendingOverflowPerSecond: rate
      .optional()
      .describe('requests refused because too many waited'),
    connectionOverflowPerSecond: rate
      .optional()
      .describe('connections refused because there were too many'),
    breakerOpen: z.boolean().optional(),
    retriesPerSecond: rate.optional(),
    retrySuccessShare: share.optional().describe('of the retries'),
    retriesRefusedPerSecond: rate
      .optional()
      .describe('over the budget or the limit of retries'),
    timeoutsPerSecond: rate.optional(),
    ejections: z.number().optional().describe('in the window'),
    ejectedNow: z.number().optional(),
    healthyShare: share.optional().describe('of the endpoints'),
  })
  .meta({ id: 'UpstreamClient' });

export const signalUpstreamSchema = z
  .object({
    state: z.enum(['exported', 'partly', 'not-exported', 'unknown']),
    reason: z.string(),
    remedy: z
      .object({ says: z.string(), lines: z.string() })
      .optional()
      .describe('what to add to the pods of the callers'),
    attemptsPerRequest: z
      .number()
      .optional()
      .describe('requests at the server for one at its meshed clients'),
    clients: z.array(upstreamClientSchema),
  })
  .describe('circuit breakers, ejections and retries, as callers count them')
  .meta({ id: 'SignalUpstream' });

export const signalGapSchema = z
  .object({ what: z.string(), reason: z.string(), remedy: z.string() })
  .describe('What cannot be shown, why, and what to do')
  .meta({ id: 'SignalGap' });

export const signalDetailsSchema = z
  .object({
    baselines: z.array(signalBaselineSchema),
    upstream: signalUpstreamSchema,
    gaps: z.array(signalGapSchema),
  })
  .meta({ id: 'SignalDetails' });

export const signalsServiceSchema = z
  .object({
    service: serviceRefSchema,
    state: z.enum(['traffic', 'idle', 'gone', 'never', 'unknown']),
    stateReason: z.string(),
    lastSeen: z.string().optional().describe('ISO 8601, state gone only'),
    reporter: z.enum(['destination', 'waypoint', 'source', 'none']),
    layer: z
      .enum(['http', 'tcp', 'none'])
      .describe('tcp: no L7 proxy reports; only connections and bytes'),
    verdict: verdictSchema,
    slo: sloServiceSchema
      .optional()
      .describe('absent where no metrics are read'),
    details: signalDetailsSchema
      .optional()
      .describe('only where they were asked for'),
    current: signalNumbersSchema,
    previous: signalNumbersSchema.optional().describe('the same window before'),
    series: z.array(signalPointSchema),
    previousSeries: z.array(signalPointSchema),
    stepSeconds: z.number(),
    byCode: z.array(
      z.object({
        code: z.string(),
        requestsPerSecond: rate,
        share: share,
        words: z.string(),
      }),
    ),
    byGrpcStatus: z.array(
      z.object({
        status: z.string().describe('number of the status'),
        name: z.string().describe('for example UNAVAILABLE'),
        fault: z.enum(['none', 'server', 'caller']),
        requestsPerSecond: rate,
        share: share.describe('of the gRPC requests'),
      }),
    ),
    latencyNote: z
      .string()
      .optional()
      .describe('why there are requests and no latency'),
    byFlag: z.array(
      z.object({
        flag: z.string(),
        requestsPerSecond: rate,
        words: z.string(),
        causes: z.array(z.string()),
        seenBy: z.enum(['server', 'client']),
      }),
    ),
    byVersion: z.array(
      z.object({
        version: z.string(),
        requestsPerSecond: rate,
        share5xx: share.optional(),
        p95: z.number().optional(),
      }),
    ),
    byCaller: z.array(
      z.object({
        namespace: z.string(),
        workload: z.string(),
        entityRef: z.string().optional(),
        requestsPerSecond: rate,
        share5xx: share.optional(),
      }),
    ),
    saturation: z.object({
      state: z.enum(['available', 'unavailable']),
      reason: z.string().optional(),
      containers: z.array(containerSaturationSchema),
    }),
  })
  .meta({ id: 'SignalsService' });

export const signalsViewSchema = z
  .object({ window: z.string(), services: z.array(signalsServiceSchema) })
  .meta({ id: 'SignalsView' });
