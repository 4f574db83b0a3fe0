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

import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { discoveryAnswer } from './discovery';
import { ListPages } from './listPages';
import {
  asNumber,
  fieldAt,
  type JsonObject,
  type KubernetesObject,
} from './object';
import { readRequestBody } from './requestBody';
import { parseResourcePath, type ResourceRequest } from './requestPath';
import { apiVersionOf, resourceName, type ResourceTable } from './resources';
import { parseFieldSelector, parseLabelSelector } from './selectors';
import {
  forbidden,
  noSuchPath,
  notFound,
  StatusError,
  unauthorized,
} from './statusError';
import type { ObjectStore } from './store';
import { toTable, wantsTable } from './table';
import { serveWatch } from './watch';
import type { ObjectWriter } from './writes';

/** Answers what arrives at `…/services/<name>:<port>/proxy/…`; `path` starts after `proxy` and keeps the query. */
export type ServiceProxyHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
) => void;

/** What the API server needs. */
export interface ApiServerOptions {
  readonly store: ObjectStore;
  readonly writer: ObjectWriter;
  readonly resources: ResourceTable;
  readonly now: () => number;
  /** bearer token; absent: everybody may do everything */
  readonly token?: string;
  /** resource names that nobody may read or write, for example `secrets` */
  readonly forbidden: readonly string[];
  /** key `namespace/name:port` */
  readonly proxies: ReadonlyMap<string, ServiceProxyHandler>;
}

function sendJson(
  response: ServerResponse,
  code: number,
  body: JsonObject,
): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** The Kubernetes API over HTTP for the objects of a store. */
export class ApiServer {
  private readonly pages = new ListPages();

  constructor(private readonly options: ApiServerOptions) {}

  /** An HTTP server that answers with this API; it is not listening yet. */
  createHttpServer(): Server {
    return createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        const status =
          error instanceof StatusError
            ? error
            : new StatusError(500, 'InternalError', String(error));
        if (response.headersSent) {
          response.destroy();
        } else {
          sendJson(response, status.code, status.toStatus());
        }
      });
    });
  }

  /** Forgets all continue tokens: the next page of any list gets 410. */
  expireContinueTokens(): void {
    this.pages.expire();
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { token, resources, forbidden: denied } = this.options;
    const url = new URL(request.url ?? '/', 'http://cluster');
    const segments = url.pathname
      .split('/')
      .filter(part => part !== '')
      .map(decodeURIComponent);
    if (['healthz', 'livez', 'readyz'].includes(segments[0] ?? '')) {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
      return;
    }
    if (
      token !== undefined &&
      request.headers.authorization !== `Bearer ${token}`
    ) {
      throw unauthorized();
    }
    const discovery = discoveryAnswer(segments, resources);
    if (discovery) {
      sendJson(response, 200, discovery);
      return;
    }
    const target = parseResourcePath(segments, resources);
    if (!target) {
      throw noSuchPath();
    }
    if (denied.includes(resourceName(target.definition))) {
      const verb = {
        GET: target.name ? 'get' : 'list',
        POST: 'create',
        PUT: 'update',
        PATCH: 'patch',
        DELETE: 'delete',
      }[request.method ?? ''];
      throw forbidden(target.definition, verb ?? 'get', target.namespace);
    }
    if (target.subresource === 'proxy') {
      this.proxy(target, request, response, url.search);
      return;
    }
    if (request.method === 'GET') {
      this.read(target, url.searchParams, request, response);
      return;
    }
    await this.write(target, url.searchParams, request, response);
  }

  private proxy(
    target: ResourceRequest,
    request: IncomingMessage,
    response: ServerResponse,
    search: string,
  ): void {
    const parts = target.name.split(':');
    const [name, port = ''] = parts.length === 3 ? parts.slice(1) : parts;
    const handler = this.options.proxies.get(
      `${target.namespace}/${name}:${port}`,
    );
    if (!handler) {
      throw new StatusError(
        503,
        'ServiceUnavailable',
        `no endpoints available for service "${target.name}"`,
      );
    }
    handler(
      request,
      response,
      `/${target.rest.map(encodeURIComponent).join('/')}${search}`,
    );
  }

  private read(
    target: ResourceRequest,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const { store, now } = this.options;
    const { definition, version, namespace, name, subresource } = target;
    const accept = request.headers.accept ?? '';
    const asVersion = (object: KubernetesObject): KubernetesObject => {
      const apiVersion = apiVersionOf(definition.group, version);
      return object.apiVersion === apiVersion
        ? object
        : { ...object, apiVersion };
    };
    const include = query.get('includeObject') ?? 'Metadata';
    if (name) {
      const object = store.get(resourceName(definition), namespace, name);
      if (!object) {
        throw notFound(definition, name);
      }
      if (subresource === 'scale') {
        sendJson(response, 200, scaleOf(object));
      } else if (subresource && subresource !== 'status') {
        throw noSuchPath();
      } else if (wantsTable(accept)) {
        sendJson(
          response,
          200,
          toTable(definition, [object], {}, now(), include),
        );
      } else {
        sendJson(response, 200, asVersion(object));
      }
      return;
    }
    const selected = selection(target, query);
    if (['true', '1'].includes(query.get('watch') ?? '')) {
      const encode = wantsTable(accept)
        ? (object: KubernetesObject) =>
            toTable(definition, [asVersion(object)], {}, now(), include)
        : asVersion;
      serveWatch({
        store,
        definition,
        version,
        selected,
        encode,
        query,
        request,
        response,
      });
      return;
    }
    const page = this.pages.page(query, () => ({
      items: store.list(resourceName(definition), namespace).filter(selected),
      resourceVersion: store.resourceVersion,
    }));
    if (wantsTable(accept)) {
      sendJson(
        response,
        200,
        toTable(definition, page.items, page.metadata, now(), include),
      );
      return;
    }
    sendJson(response, 200, {
      kind: `${definition.kind}List`,
      apiVersion: apiVersionOf(definition.group, version),
      metadata: page.metadata,
      items: page.items.map(asVersion),
    });
  }

  private async write(
    target: ResourceRequest,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { writer, store } = this.options;
    const { definition, version, namespace, name, subresource } = target;
    const body = await readRequestBody(request);
    const dryRun = query.get('dryRun') === 'All';
    const [agent] = (request.headers['user-agent'] ?? 'unknown').split('/');
    const manager = query.get('fieldManager') ?? agent;
    const reply = (code: number, object: KubernetesObject) =>
      sendJson(
        response,
        code,
        subresource === 'scale'
          ? scaleOf(object)
          : {
              ...object,
              apiVersion: apiVersionOf(definition.group, version),
            },
      );
    switch (request.method) {
      case 'POST':
        reply(201, writer.create(definition, namespace, body, dryRun, manager));
        return;
      case 'PUT':
        reply(
          200,
          writer.update(
            definition,
            namespace,
            name,
            body,
            subresource,
            dryRun,
            manager,
          ),
        );
        return;
      case 'PATCH': {
        const mediaType = (request.headers['content-type'] ?? '')
          .split(';')[0]
          .trim();
        reply(
          200,
          writer.patch(
            definition,
            namespace,
            name,
            body,
            mediaType,
            subresource,
            dryRun,
            manager,
          ),
        );
        return;
      }
      case 'DELETE':
        if (name) {
          const uid = store.get(
            resourceName(definition),
            definition.namespaced ? namespace : '',
            name,
          )?.metadata.uid;
          if (!dryRun || uid === undefined) {
            writer.remove(definition, namespace, name);
          }
          sendJson(response, 200, {
            kind: 'Status',
            apiVersion: 'v1',
            metadata: {},
            status: 'Success',
            details: {
              name,
              group: definition.group,
              kind: definition.plural,
              uid,
            },
          });
          return;
        }
        for (const object of store
          .list(resourceName(definition), namespace)
          .filter(selection(target, query))) {
          writer.remove(
            definition,
            object.metadata.namespace ?? '',
            object.metadata.name,
          );
        }
        sendJson(response, 200, {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Success',
        });
        return;
      default:
        throw new StatusError(
          405,
          'MethodNotAllowed',
          'the server does not allow this method on the requested resource',
        );
    }
  }
}

function selection(
  target: ResourceRequest,
  query: URLSearchParams,
): (object: KubernetesObject) => boolean {
  const byLabel = parseLabelSelector(query.get('labelSelector') ?? '');
  const byField = parseFieldSelector(query.get('fieldSelector') ?? '');
  const { namespace } = target;
  return object =>
    (!namespace || object.metadata.namespace === namespace) &&
    byLabel(object) &&
    byField(object);
}

function scaleOf(object: KubernetesObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } =
    object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: asNumber(fieldAt(object, 'spec', 'replicas'), 1) },
    status: { replicas: asNumber(fieldAt(object, 'status', 'replicas'), 0) },
  };
}
