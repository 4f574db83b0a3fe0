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
  authorizationViewSchema,
  bindingsViewSchema,
  clustersViewSchema,
  dependenciesViewSchema,
  envelopeSchema,
  exposureViewSchema,
  externalViewSchema,
  healthSchema,
  meshServicesViewSchema,
  mtlsViewSchema,
  overviewViewSchema,
  requestPathViewSchema,
  resilienceViewSchema,
  routesViewSchema,
  signalsViewSchema,
  myServicesViewSchema,
  triageViewSchema,
} from '../schema';

type JsonSchema = Record<string, unknown>;

const ENTITY_VIEWS = {
  overview: {
    schema: overviewViewSchema,
    summary: 'One sentence and four verdicts',
    parameters: [],
  },
  mtls: {
    schema: mtlsViewSchema,
    summary: 'Server mode, what clients send, and what was observed, per port',
    parameters: [],
  },
  routes: {
    schema: routesViewSchema,
    summary: 'Hosts, rules and destinations as one client sees them',
    parameters: ['client'],
  },
  authorization: {
    schema: authorizationViewSchema,
    summary: 'Posture, rules as sentences, callers and their verdicts',
    parameters: [],
  },
  signals: {
    schema: signalsViewSchema,
    summary: 'Traffic, errors, latency, saturation',
    parameters: ['window', 'details'],
  },
  triage: {
    schema: triageViewSchema,
    summary: 'What changed, since when, for whom, and what to look at next',
    parameters: [],
  },
  dependencies: {
    schema: dependenciesViewSchema,
    summary:
      'Who calls, who is called, how that goes, and what the catalog declares of it',
    parameters: ['window'],
  },
  external: {
    schema: externalViewSchema,
    summary: 'Hosts of ServiceEntries that the workloads know and call',
    parameters: [],
  },
  bindings: {
    schema: bindingsViewSchema,
    summary:
      'What else acts on the workloads, ambient and waypoints, which objects name the services and do not act, and which istiod would refuse',
    parameters: [],
  },
  clusters: {
    schema: clustersViewSchema,
    summary:
      'Services that several clusters have: endpoints, networks, the way there, the order of use',
    parameters: ['client'],
  },
  'request-path': {
    schema: requestPathViewSchema,
    summary: 'Where one request goes, step by step, and how it ends',
    parameters: ['client', 'host', 'port', 'method', 'path', 'headers'],
  },
  exposure: {
    schema: exposureViewSchema,
    summary: 'The ways from the edge of the mesh to the pods, step by step',
    parameters: [],
  },
  resilience: {
    schema: resilienceViewSchema,
    summary:
      'Timeouts, retries, pools, outlier detection, load balancing: values in effect and where they come from',
    parameters: ['client'],
  },
} as const;

const DNS_LABEL = '^[a-zA-Z0-9]([-a-zA-Z0-9_.]*[a-zA-Z0-9])?$';

const pathParameters = ['kind', 'namespace', 'name'].map(name => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string', minLength: 1, maxLength: 63, pattern: DNS_LABEL },
}));

const queryParameters = {
  client: {
    name: 'client',
    in: 'query',
    required: false,
    description:
      'The caller whose view is asked for: an id of the `clients` list of an earlier answer',
    schema: { type: 'string', minLength: 1, maxLength: 400 },
  },
  details: {
    name: 'details',
    in: 'query',
    required: false,
    description:
      'Also the past, circuit breakers and retries, and what the source lacks',
    schema: { type: 'string', enum: ['true', 'false'] },
  },
  group: {
    name: 'group',
    in: 'query',
    required: false,
    description: 'Only entities of this owner, for example group:default/books',
    schema: { type: 'string', minLength: 1, maxLength: 200 },
  },
  latency: {
    name: 'latency',
    in: 'query',
    required: false,
    description: 'Also ask for latency, which costs most',
    schema: { type: 'string', enum: ['true', 'false'] },
  },
  host: {
    name: 'host',
    in: 'query',
    required: false,
    description: 'Host of the request; absent: the service itself',
    allowReserved: true,
    schema: { type: 'string', minLength: 1, maxLength: 253 },
  },
  port: {
    name: 'port',
    in: 'query',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 65535 },
  },
  method: {
    name: 'method',
    in: 'query',
    required: false,
    schema: { type: 'string', pattern: '^[A-Z]{1,20}$' },
  },
  path: {
    name: 'path',
    in: 'query',
    required: false,
    allowReserved: true,
    schema: { type: 'string', pattern: '^/', maxLength: 2000 },
  },
  headers: {
    name: 'headers',
    in: 'query',
    required: false,
    description: 'Headers of the request, one `name: value` a line',
    allowReserved: true,
    schema: { type: 'string', maxLength: 4000 },
  },
  window: {
    name: 'window',
    in: 'query',
    required: false,
    schema: { type: 'string', enum: ['5m', '15m', '1h', '6h', '1d', '7d'] },
  },
} as const;

function errorResponse(description: string) {
  return {
    description,
    content: {
      'application/json': { schema: { $ref: '#/components/schemas/Error' } },
    },
  };
}

const errors = {
  '400': errorResponse('A parameter is not valid; the message names it'),
  '401': errorResponse('No or invalid credentials'),
  '403': errorResponse('The permission is missing'),
  '404': errorResponse('There is no such entity, or you may not see it'),
};

/** JSON Schemas of the views, with the shared parts (those with an id) moved to `components.schemas`. */
function componentSchemas(): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [name, { schema }] of Object.entries(ENTITY_VIEWS)) {
    registry.add(envelopeSchema(schema), { id: `${name}Response` });
  }
  registry.add(envelopeSchema(meshServicesViewSchema), {
    id: 'meshServicesResponse',
  });
  registry.add(envelopeSchema(myServicesViewSchema), {
    id: 'myServicesResponse',
  });
  registry.add(healthSchema, { id: 'healthResponse' });
  const { schemas } = z.toJSONSchema(registry, {
    uri: id => `#/components/schemas/${id}`,
  });
  const { __shared, ...responses } = JSON.parse(
    JSON.stringify(schemas).replaceAll(
      '"#/components/schemas/__shared#/$defs/',
      '"#/components/schemas/',
    ),
  );
  const all: Record<string, JsonSchema> = { ...responses, ...__shared?.$defs };
  return Object.fromEntries(
    Object.entries(all).map(([name, { $schema, $id, id, ...schema }]) => [
      name,
      schema,
    ]),
  );
}

function okResponse(schema: string) {
  return {
    description: 'The view',
    headers: { ETag: { schema: { type: 'string' } } },
    content: {
      'application/json': {
        schema: { $ref: `#/components/schemas/${schema}` },
      },
    },
  };
}

const badGateway = errorResponse('The catalog or a cluster could not be asked');

function getOperation(options: {
  operationId: string;
  summary: string;
  schema: string;
  parameters: readonly object[];
}) {
  return {
    get: {
      operationId: options.operationId,
      summary: options.summary,
      parameters: options.parameters,
      responses: {
        '200': okResponse(options.schema),
        '304': { description: 'Nothing changed since the given ETag' },
        ...errors,
        '503': badGateway,
      },
    },
  };
}

function entityPaths() {
  return Object.fromEntries(
    Object.entries(ENTITY_VIEWS).map(([name, view]) => [
      `/v1/entities/{kind}/{namespace}/{name}/${name}`,
      getOperation({
        operationId: `get-${name}`.replace(/-(.)/g, (_, letter: string) =>
          letter.toUpperCase(),
        ),
        summary: view.summary,
        schema: `${name}Response`,
        parameters: [
          ...pathParameters,
          ...view.parameters.map(parameter => queryParameters[parameter]),
        ],
      }),
    ]),
  );
}

const errorSchema: JsonSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['name', 'message'],
      properties: { name: { type: 'string' }, message: { type: 'string' } },
    },
  },
};

function buildDocument() {
  return {
    openapi: '3.1.0' as const,
    info: {
      title: 'istio',
      version: '1',
      description: 'What Istio does to the services of the catalog',
      license: {
        name: 'Apache-2.0',
        url: 'https://www.apache.org/licenses/LICENSE-2.0.html',
      },
    },
    servers: [{ url: '/' }],
    paths: {
      ...entityPaths(),
      '/v1/mesh/services': getOperation({
        operationId: 'getMeshServices',
        summary: 'Every service of every cluster, worst first',
        schema: 'meshServicesResponse',
        parameters: [],
      }),
      '/v1/mine/services': getOperation({
        operationId: 'getMyServices',
        summary: 'The services of the entities the user owns, worst first',
        schema: 'myServicesResponse',
        parameters: [queryParameters.group, queryParameters.latency],
      }),
      '/v1/health': getOperation({
        operationId: 'getHealth',
        summary: 'What can be read, and what cannot and why',
        schema: 'healthResponse',
        parameters: [],
      }),
    },
    components: { schemas: { ...componentSchemas(), Error: errorSchema } },
  };
}

/**
 * The HTTP contract as an OpenAPI 3.1 document: what the back end validates requests against, and serves at
 * `/openapi.json`. The response schemas are those of `schema/`, so the document and the types cannot part.
 */
export const openApiDocument = buildDocument();

/** The type of {@link openApiDocument}. */
export type OpenApiDocument = typeof openApiDocument;
