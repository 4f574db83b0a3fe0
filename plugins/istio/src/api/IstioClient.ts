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

import type { CompoundEntityRef } from '@backstage/catalog-model';
import type { DiscoveryApi, FetchApi } from '@backstage/core-plugin-api';
import { ResponseError } from '@backstage/errors';
import type {
  EntityViewName,
  EntityViews,
  MeshServicesView,
  MyServicesView,
  ViewEnvelope,
} from '@mesh-portal/backstage-plugin-istio-common';
import type {
  EntityViewOptions,
  IstioApi,
  MyServicesOptions,
} from './IstioApi';

interface RememberedAnswer {
  etag: string;
  body: unknown;
}

/** How many answers are kept for `If-None-Match`: some ten entity pages. */
const REMEMBERED_ANSWERS = 60;

/**
 * Asks the istio back end over HTTP.
 *
 * An answer is remembered with its ETag, so that asking again costs a `304` while nothing changed. A `304` gives the
 * same object as before, which lets React skip rendering.
 */
export class IstioClient implements IstioApi {
  readonly #discoveryApi: DiscoveryApi;
  readonly #fetchApi: FetchApi;
  readonly #remembered = new Map<string, RememberedAnswer>();

  constructor(options: { discoveryApi: DiscoveryApi; fetchApi: FetchApi }) {
    this.#discoveryApi = options.discoveryApi;
    this.#fetchApi = options.fetchApi;
  }

  getEntityView<V extends EntityViewName>(
    view: V,
    entity: CompoundEntityRef,
    options: EntityViewOptions = {},
  ): Promise<ViewEnvelope<EntityViews[V]>> {
    const { client, window, details, request, signal } = options;
    const path = [entity.kind, entity.namespace, entity.name]
      .map(part => encodeURIComponent(part.toLocaleLowerCase('en-US')))
      .join('/');
    const query = new URLSearchParams();
    if (client !== undefined) {
      query.set('client', client);
    }
    if (window !== undefined) {
      query.set('window', window);
    }
    if (details) {
      query.set('details', 'true');
    }
    for (const [name, value] of Object.entries(request ?? {})) {
      query.set(name, value);
    }
    return this.#get(`/v1/entities/${path}/${view}`, query, signal);
  }

  getMyServices(
    options: MyServicesOptions = {},
  ): Promise<ViewEnvelope<MyServicesView>> {
    const { group, latency, signal } = options;
    const query = new URLSearchParams({
      ...(group !== undefined && { group }),
      ...(latency && { latency: 'true' }),
    });
    return this.#get('/v1/mine/services', query, signal);
  }

  getMeshServices(
    options: { signal?: AbortSignal } = {},
  ): Promise<ViewEnvelope<MeshServicesView>> {
    return this.#get(
      '/v1/mesh/services',
      new URLSearchParams(),
      options.signal,
    );
  }

  async #get<T>(
    path: string,
    query: URLSearchParams,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const baseUrl = await this.#discoveryApi.getBaseUrl('istio');
    const search = query.size > 0 ? `?${query}` : '';
    const url = `${baseUrl}${path}${search}`;
    const remembered = this.#remembered.get(url);
    const response = await this.#fetchApi.fetch(url, {
      headers: {
        Accept: 'application/json',
        ...(remembered && { 'If-None-Match': remembered.etag }),
      },
      signal,
    });
    if (response.status === 304 && remembered) {
      this.#remember(url, remembered);
      return remembered.body as T;
    }
    if (!response.ok) {
      this.#remembered.delete(url);
      throw await ResponseError.fromResponse(response);
    }
    const body: T = await response.json();
    const etag = response.headers.get('etag');
    if (etag) {
      this.#remember(url, { etag, body });
    }
    return body;
  }

  /** Keeps the answers that were used last. */
  #remember(url: string, answer: RememberedAnswer) {
    this.#remembered.delete(url);
    this.#remembered.set(url, answer);
    if (this.#remembered.size > REMEMBERED_ANSWERS) {
      const [oldest] = this.#remembered.keys();
      this.#remembered.delete(oldest);
    }
  }
}
