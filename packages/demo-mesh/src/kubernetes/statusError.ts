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

import type { JsonObject } from './object';
import type { ResourceDefinition } from './resourceDefinition';
import { resourceName } from './resources';

/** An answer other than success, as Kubernetes words it: a `Status` object with its HTTP code. */
export class StatusError extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
    readonly details?: JsonObject,
  ) {
    super(message);
    this.name = 'StatusError';
  }

  /** The `Status` object that goes over the wire. */
  toStatus(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }
}

function detailsOf(definition: ResourceDefinition, name: string): JsonObject {
  return { name, group: definition.group, kind: definition.plural };
}

/** 404 for an object. */
export function notFound(
  definition: ResourceDefinition,
  name: string,
): StatusError {
  return new StatusError(
    404,
    'NotFound',
    `${resourceName(definition)} "${name}" not found`,
    detailsOf(definition, name),
  );
}

/** 404 for a path that no resource answers to. */
export function noSuchPath(): StatusError {
  return new StatusError(
    404,
    'NotFound',
    'the server could not find the requested resource',
    {},
  );
}

/** 409 for a create of what exists. */
export function alreadyExists(
  definition: ResourceDefinition,
  name: string,
): StatusError {
  return new StatusError(
    409,
    'AlreadyExists',
    `${resourceName(definition)} "${name}" already exists`,
    detailsOf(definition, name),
  );
}

/** 409 for an update that is based on an old state. */
export function conflict(
  definition: ResourceDefinition,
  name: string,
): StatusError {
  return new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resourceName(
      definition,
    )} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    detailsOf(definition, name),
  );
}

/** 410 for a resourceVersion or a continue token that is too old. */
export function gone(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

/** 400 for a request that cannot be understood. */
export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

/** 401 for a missing or a wrong token. */
export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

/** 403 for what the user may not do. */
export function forbidden(
  definition: ResourceDefinition,
  verb: string,
  namespace: string,
): StatusError {
  const where = namespace
    ? `in the namespace "${namespace}"`
    : 'at the cluster scope';
  return new StatusError(
    403,
    'Forbidden',
    `${resourceName(
      definition,
    )} is forbidden: User "demo" cannot ${verb} resource "${
      definition.plural
    }" in API group "${definition.group}" ${where}`,
    { group: definition.group, kind: definition.plural },
  );
}

/** 422 for an object that breaks a rule of its schema. */
export function invalid(
  definition: ResourceDefinition,
  name: string,
  causes: readonly { readonly field: string; readonly message: string }[],
): StatusError {
  const list = causes.map(cause => `${cause.field}: ${cause.message}`);
  const kind = definition.group
    ? `${definition.kind}.${definition.group}`
    : definition.kind;
  return new StatusError(
    422,
    'Invalid',
    `${kind} "${name}" is invalid: ${
      list.length === 1 ? list[0] : `[${list.join(', ')}]`
    }`,
    {
      name,
      group: definition.group,
      kind: definition.kind,
      causes: causes.map(cause => ({
        reason: 'FieldValueInvalid',
        message: cause.message,
        field: cause.field,
      })),
    },
  );
}
