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

import { createHash } from 'node:crypto';
import {
  asObject,
  asString,
  fieldAt,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  type ObjectMeta,
} from './object';
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
} from './patch';
import type { ResourceDefinition } from './resourceDefinition';
import { apiVersionOf, resourceName } from './resources';
import {
  alreadyExists,
  badRequest,
  conflict,
  invalid,
  notFound,
  StatusError,
} from './statusError';
import type { ObjectStore } from './store';
import { validateObject } from './validation';

const NO_GENERATION = new Set([
  'Namespace',
  'Node',
  'ServiceAccount',
  'ConfigMap',
  'Secret',
  'Event',
  'Service',
  'Endpoints',
]);

/** The field manager of the demo's own objects and controllers. */
const DEFAULT_MANAGER = 'demo-mesh';

/** The rules of create, update, patch and delete, over the store. */
export class ObjectWriter {
  private sequence = 0;

  /** @param now - current time, milliseconds since the epoch */
  constructor(
    private readonly store: ObjectStore,
    private readonly now: () => number,
    private readonly seed: string,
  ) {}

  /** Creates an object. @throws StatusError 404 (namespace), 409 (exists), 422 (schema) */
  create(
    definition: ResourceDefinition,
    namespace: string,
    body: Json,
    dryRun = false,
    manager = DEFAULT_MANAGER,
  ): KubernetesObject {
    const given = this.read(definition, namespace, body);
    const metadata = asObject(given.metadata);
    const name =
      asString(metadata.name) ||
      this.generated(asString(metadata.generateName));
    if (definition.namespaced && !this.store.get('namespaces', '', namespace)) {
      throw new StatusError(
        404,
        'NotFound',
        `namespaces "${namespace}" not found`,
        { name: namespace, kind: 'namespaces' },
      );
    }
    if (
      this.store.get(
        resourceName(definition),
        definition.namespaced ? namespace : '',
        name,
      )
    ) {
      throw alreadyExists(definition, name);
    }
    const { resourceVersion: _ignored, ...rest } = metadata;
    const object = this.complete(definition, {
      ...given,
      metadata: {
        ...(rest as ObjectMeta),
        name,
        ...(definition.namespaced ? { namespace } : {}),
        uid: this.uid(),
        creationTimestamp:
          asString(metadata.creationTimestamp) || this.timestamp(),
        ...(NO_GENERATION.has(definition.kind) ? {} : { generation: 1 }),
        managedFields: [this.writtenBy(definition, manager)],
      },
    });
    return dryRun ? object : this.store.put(resourceName(definition), object);
  }

  /** Replaces an object, or only its status. @throws StatusError 404, 409 (changed since), 422 */
  update(
    definition: ResourceDefinition,
    namespace: string,
    name: string,
    body: Json,
    subresource = '',
    dryRun = false,
    manager = DEFAULT_MANAGER,
  ): KubernetesObject {
    const current = this.existing(definition, namespace, name);
    const given = this.read(definition, namespace, body);
    const based = asString(fieldAt(given, 'metadata', 'resourceVersion'));
    if (based && based !== current.metadata.resourceVersion) {
      throw conflict(definition, name);
    }
    const next = this.merged(definition, current, given, subresource, manager);
    return dryRun || next === current
      ? next
      : this.store.put(resourceName(definition), next);
  }

  /** Patches an object by the patch's media type. @throws StatusError 404, 409, 415, 422 */
  patch(
    definition: ResourceDefinition,
    namespace: string,
    name: string,
    body: Json,
    mediaType: string,
    subresource = '',
    dryRun = false,
    manager = DEFAULT_MANAGER,
  ): KubernetesObject {
    const current = this.existing(definition, namespace, name);
    const apply = {
      'application/merge-patch+json': applyMergePatch,
      'application/json-patch+json': applyJsonPatch,
      ...(definition.custom
        ? {}
        : {
            'application/strategic-merge-patch+json': applyStrategicMergePatch,
          }),
    }[mediaType];
    if (!apply) {
      throw new StatusError(
        415,
        'UnsupportedMediaType',
        `the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json${
          definition.custom ? '' : ', application/strategic-merge-patch+json'
        }`,
      );
    }
    return this.update(
      definition,
      namespace,
      name,
      apply(current, body),
      subresource,
      dryRun,
      manager,
    );
  }

  /** Deletes an object. @throws StatusError 404 */
  remove(
    definition: ResourceDefinition,
    namespace: string,
    name: string,
  ): KubernetesObject {
    const scope = definition.namespaced ? namespace : '';
    const removed = this.store.remove(resourceName(definition), scope, name);
    if (!removed) {
      throw notFound(definition, name);
    }
    return removed;
  }

  /** A unique name part, the same at every start with the same seed. */
  suffix(of: string, length: number): string {
    const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
    const digest = createHash('sha256').update(`${this.seed}/${of}`).digest();
    return [...digest.subarray(0, length)]
      .map(byte => alphabet[byte % alphabet.length])
      .join('');
  }

  private existing(
    definition: ResourceDefinition,
    namespace: string,
    name: string,
  ): KubernetesObject {
    const found = this.store.get(
      resourceName(definition),
      definition.namespaced ? namespace : '',
      name,
    );
    if (!found) {
      throw notFound(definition, name);
    }
    return found;
  }

  private merged(
    definition: ResourceDefinition,
    current: KubernetesObject,
    given: JsonObject,
    subresource: string,
    manager: string,
  ): KubernetesObject {
    if (subresource === 'status') {
      return { ...current, status: asObject(given.status) };
    }
    if (subresource === 'scale') {
      const replicas = fieldAt(given, 'spec', 'replicas');
      return this.merged(
        definition,
        current,
        { ...current, spec: { ...asObject(current.spec), replicas } },
        '',
        manager,
      );
    }
    const metadata = asObject(given.metadata) as ObjectMeta;
    const keepsStatus = definition.subresources.includes('status');
    const next: KubernetesObject = this.complete(definition, {
      ...given,
      metadata: {
        ...metadata,
        name: current.metadata.name,
        ...(current.metadata.namespace
          ? { namespace: current.metadata.namespace }
          : {}),
        uid: current.metadata.uid,
        creationTimestamp: current.metadata.creationTimestamp,
        resourceVersion: current.metadata.resourceVersion,
        generation: current.metadata.generation,
        managedFields: current.metadata.managedFields,
      },
      ...(keepsStatus && current.status ? { status: current.status } : {}),
    });
    if (JSON.stringify(next) === JSON.stringify(current)) {
      return current;
    }
    const changed = JSON.stringify(next.spec) !== JSON.stringify(current.spec);
    const { generation, managedFields = [] } = current.metadata;
    return {
      ...next,
      metadata: {
        ...next.metadata,
        ...(changed && generation !== undefined
          ? { generation: generation + 1 }
          : {}),
        managedFields: [
          ...managedFields.filter(entry => entry.manager !== manager),
          this.writtenBy(definition, manager),
        ],
      },
    };
  }

  /** Who wrote an object and when; which fields is not kept. */
  private writtenBy(
    definition: ResourceDefinition,
    manager: string,
  ): JsonObject {
    return {
      manager,
      operation: 'Update',
      apiVersion: apiVersionOf(definition.group, definition.versions[0]),
      time: this.timestamp(),
    };
  }

  private read(
    definition: ResourceDefinition,
    namespace: string,
    body: Json,
  ): JsonObject {
    if (!isJsonObject(body) || !isJsonObject(body.metadata)) {
      throw badRequest(
        `the body is not an object of kind ${definition.kind} with metadata`,
      );
    }
    const own = asString(body.metadata.namespace);
    if (definition.namespaced && own && own !== namespace) {
      throw badRequest(
        `the namespace of the provided object does not match the namespace sent on the request: "${own}" is not "${namespace}"`,
      );
    }
    return body;
  }

  private complete(
    definition: ResourceDefinition,
    given: JsonObject & { metadata: ObjectMeta },
  ): KubernetesObject {
    const object: KubernetesObject = {
      ...given,
      apiVersion: apiVersionOf(definition.group, definition.versions[0]),
      kind: definition.kind,
      spec: given.spec === undefined ? undefined : asObject(given.spec),
      status: given.status === undefined ? undefined : asObject(given.status),
    };
    const errors = validateObject(object);
    if (errors.length > 0) {
      throw invalid(definition, object.metadata.name, errors);
    }
    return object;
  }

  private generated(prefix: string): string {
    this.sequence += 1;
    return prefix
      ? `${prefix}${this.suffix(`${prefix}${this.sequence}`, 5)}`
      : '';
  }

  private uid(): string {
    this.sequence += 1;
    const hex = createHash('sha256')
      .update(`${this.seed}/uid/${this.sequence}`)
      .digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(
      13,
      16,
    )}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  private timestamp(): string {
    return new Date(this.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  }
}
