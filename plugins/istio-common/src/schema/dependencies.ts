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
import { serviceRefSchema, workloadRefSchema } from './references';
import { provenanceSchema, verdictSchema } from './verdict';

const rate = z.number().describe('per second');
const share = z.number().describe('0 to 1');
const entityRef = z
  .string()
  .describe('kind:namespace/name of the catalog, where the user may see it');

/** The other end of an edge. */
export const dependencyNeighbourSchema = z
  .object({
    kind: z
      .enum([
        'workload',
        'service',
        'gateway',
        'waypoint',
        'unknown-caller',
        'unknown-external',
        'refused-by-registry',
      ])
      .describe(
        'unknown-caller: outside the mesh or without identity. unknown-external: left the mesh for a host that is not in the registry (PassthroughCluster). refused-by-registry: such a request, refused (BlackHoleCluster)',
      ),
    title: z.string().describe('How a person calls it'),
    namespace: z.string().optional(),
    name: z.string().optional(),
    host: z.string().optional().describe('of a service'),
    entityRef: entityRef.optional(),
    owner: entityRef.optional(),
    note: z.string().optional(),
  })
  .meta({ id: 'DependencyNeighbour' });

/** Why requests of an edge failed: the code and what the proxy noted. */
export const dependencyFailureSchema = z
  .object({
    code: z.string(),
    flag: z.string().optional(),
    words: z.string(),
    perSecond: rate,
  })
  .meta({ id: 'DependencyFailure' });

export const dependencyLatencySchema = z
  .object({
    mean: z.number().optional().describe('milliseconds'),
    p95: z
      .number()
      .optional()
      .describe(
        'milliseconds, from the buckets of the entity’s own services: of its callers only',
      ),
    p95Bucket: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe('[from, to] of the bucket p95 lies in: its honest resolution'),
  })
  .meta({ id: 'DependencyLatency' });

/** What the configuration says about the way of an edge. Never a number, never mixed with what was observed. */
export const dependencyConfiguredSchema = z
  .object({
    transport: z
      .object({
        outcome: z.enum([
          'encrypted',
          'unencrypted',
          'mixed',
          'broken',
          'unknown',
        ]),
        reason: z.string(),
        facts: z.array(provenanceSchema),
      })
      .optional(),
    authorization: z
      .object({
        decision: z.enum(['allow', 'deny', 'depends', 'unknown']),
        reason: z.string(),
        facts: z.array(provenanceSchema),
      })
      .optional(),
  })
  .meta({ id: 'DependencyConfigured' });

/** Traffic between the entity and one neighbour, as ONE reporter counted it. */
export const dependencyEdgeSchema = z
  .object({
    id: z.string().describe('stable between answers'),
    direction: z
      .enum(['inbound', 'outbound'])
      .describe('inbound: the neighbour calls the entity'),
    cluster: z.string().describe('the cluster of the portal it was seen in'),
    own: z
      .array(z.string())
      .describe(
        'namespace/name of the entity’s service that is called, or of its workloads that call',
      ),
    neighbour: dependencyNeighbourSchema,
    state: z
      .enum(['traffic', 'idle', 'new', 'gone'])
      .describe(
        'traffic: some in the window. idle: proxies report it, with nothing in the window. new: reported for the first time, too shortly for a rate. gone: it was reported, and is no longer',
      ),
    lastSeen: z.string().optional().describe('ISO 8601, state gone only'),
    reporter: z
      .enum(['waypoint', 'destination', 'source'])
      .optional()
      .describe(
        'who counted; reporters are never added. Absent while there is no rate',
      ),
    protocol: z
      .enum(['http', 'grpc', 'http+grpc', 'tcp'])
      .optional()
      .describe('absent while there is no rate'),
    requestsPerSecond: rate.optional().describe('absent for TCP'),
    errorShare: share
      .optional()
      .describe(
        '5xx, no response (client hang-ups left out) and gRPC server faults, each request once',
      ),
    errorsPerSecond: rate.optional(),
    clientOnlyFailuresPerSecond: rate
      .optional()
      .describe(
        'failures the caller saw and the callee never: beside the other numbers, not part of them',
      ),
    refusedPerSecond: rate
      .optional()
      .describe(
        'answered 403 or gRPC 7: by a policy or by the application itself; no errors in the sense of the error share',
      ),
    failures: z.array(dependencyFailureSchema).describe('most first, of both'),
    latency: dependencyLatencySchema.optional(),
    mutualTls: z.object({
      share: share
        .optional()
        .describe('absent where nobody who reported can know'),
      reason: z.string().optional().describe('why there is no share'),
    }),
    tcp: z
      .object({
        connectionsOpenedPerSecond: rate.optional(),
        requestBytesPerSecond: rate.optional().describe('client to server'),
        responseBytesPerSecond: rate.optional().describe('server to client'),
      })
      .optional(),
    versions: z
      .array(
        z.object({
          version: z.string(),
          requestsPerSecond: rate,
          errorShare: share.optional(),
        }),
      )
      .describe('of the end that is called'),
    crossCluster: z
      .array(
        z.object({
          from: z.string(),
          to: z.string(),
          perSecond: rate.describe('requests, or connections of TCP'),
        }),
      )
      .describe(
        'the part that crosses clusters, by the names the proxies give them',
      ),
    declared: z
      .enum(['declared', 'undeclared', 'not-declarable'])
      .describe(
        'does the caller’s entity name the callee’s; not-declarable: an end is no entity of the catalog that may be seen',
      ),
    configured: dependencyConfiguredSchema.optional(),
  })
  .meta({ id: 'DependencyEdge' });

/** A difference between `dependsOn` in the catalog and what was observed, with the line that settles it. */
export const dependencyDifferenceSchema = z
  .object({
    of: entityRef.describe('the entity whose file is meant'),
    target: entityRef,
    reason: z.string(),
    line: z
      .string()
      .optional()
      .describe('the YAML line to add or to remove under spec'),
  })
  .meta({ id: 'DependencyDifference' });

export const dependenciesViewSchema = z
  .object({
    window: z.string(),
    services: z.array(serviceRefSchema).describe('of the entity'),
    workloads: z.array(workloadRefSchema).describe('of the entity'),
    state: z
      .enum(['traffic', 'idle', 'gone', 'never', 'unknown'])
      .describe(
        'of all edges together; never: no proxy reports any; unknown: metrics could not be asked',
      ),
    stateReason: z.string(),
    unknownDirections: z
      .array(z.enum(['inbound', 'outbound']))
      .describe(
        'directions that could not be asked: that there is no edge says nothing',
      ),
    verdict: verdictSchema,
    edges: z.array(dependencyEdgeSchema).describe('failing first'),
    omitted: z
      .number()
      .describe('edges beyond the limit of an answer, the quietest'),
    catalog: z.object({
      state: z.enum(['compared', 'unknown']),
      reason: z.string().describe('what was compared, or why it cannot be'),
      undeclared: z
        .array(dependencyDifferenceSchema)
        .describe('called, and not in dependsOn'),
      unused: z
        .array(dependencyDifferenceSchema)
        .describe('in dependsOn, and not called in the window'),
      notObservable: z
        .array(dependencyDifferenceSchema)
        .describe('in dependsOn; metrics cannot tell, and why'),
    }),
  })
  .meta({ id: 'DependenciesView' });
