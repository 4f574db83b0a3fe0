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
