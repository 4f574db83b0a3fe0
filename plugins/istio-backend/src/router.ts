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

import { createValidatedOpenApiRouter } from '@backstage/backend-openapi-utils';
import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  openApiDocument,
  type EntityViewName,
} from '@mesh-portal/backstage-plugin-istio-common';
import express, { type Request } from 'express';
import Router from 'express-promise-router';
import { audited } from './audited';
import { sendTagged } from './entityTag';
import { retryAfterHandler } from './prometheus';
import type { MeshService } from './service';

export interface RouterOptions {
  service: MeshService;
  httpAuth: HttpAuthService;
  auditor: AuditorService;
}

const ENTITY_VIEWS: readonly EntityViewName[] = [
  'overview',
  'mtls',
  'routes',
  'authorization',
  'signals',
  'triage',
  'dependencies',
  'exposure',
  'resilience',
  'external',
  'bindings',
  'clusters',
  'request-path',
];

/** A query parameter that the contract has checked to be one string. */
function queryText(request: Request, name: string): string | undefined {
  const value = request.query[name];
  return typeof value === 'string' ? value : undefined;
}

/** A query parameter that the contract has checked to be a whole number. */
function queryNumber(request: Request, name: string): number | undefined {
  const value: unknown = request.query[name];
  return value === undefined ? undefined : Number(value);
}

/** Validates by the contract before any route runs. The document's paths are not known to the compiler one by one. */
function validatedRouter(): express.Router {
  return createValidatedOpenApiRouter(
    openApiDocument as unknown as Parameters<
      typeof createValidatedOpenApiRouter
    >[0],
  ) as unknown as express.Router;
}

/** The routes of the contract. */
export function createRouter(options: RouterOptions): express.Router {
  const { service, httpAuth, auditor } = options;
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    response.json(openApiDocument);
  });

  const validated = validatedRouter();
  for (const view of ENTITY_VIEWS) {
    validated.get(
      `/v1/entities/:kind/:namespace/:name/${view}`,
      async (request, response) => {
        const credentials = await httpAuth.credentials(request, {
          allow: ['user', 'service'],
        });
        const { kind, namespace, name } = request.params;
        const entityRef = stringifyEntityRef({ kind, namespace, name });
        const envelope = await audited(
          auditor,
          {
            eventId: 'entity-view-read',
            request,
            meta: { view, entityRef },
          },
          () =>
            service.entityView(
              view,
              entityRef,
              {
                client: queryText(request, 'client'),
                window: queryText(request, 'window'),
                details: queryText(request, 'details') === 'true',
                request: {
                  host: queryText(request, 'host'),
                  port: queryNumber(request, 'port'),
                  method: queryText(request, 'method'),
                  path: queryText(request, 'path'),
                  headers: queryText(request, 'headers'),
                },
              },
              { credentials },
            ),
        );
        sendTagged(request, response, envelope.snapshot.version, envelope);
      },
    );
  }
  validated.get('/v1/mine/services', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user'],
    });
    const group = queryText(request, 'group');
    const envelope = await audited(
      auditor,
      { eventId: 'my-services-read', request, meta: { group: group ?? 'all' } },
      () =>
        service.myServices(
          { group, latency: queryText(request, 'latency') === 'true' },
          { credentials },
        ),
    );
    sendTagged(request, response, envelope.snapshot.version, envelope);
  });
  validated.get('/v1/mesh/services', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const envelope = await audited(
      auditor,
      { eventId: 'mesh-view-read', request, meta: { view: 'services' } },
      () => service.meshServices({ credentials }),
    );
    sendTagged(request, response, envelope.snapshot.version, envelope);
  });
  validated.get('/v1/health', async (request, response) => {
    await httpAuth.credentials(request, { allow: ['user', 'service'] });
    response.json(await service.health());
  });
  router.use(validated);
  router.use(retryAfterHandler);
  return router;
}
