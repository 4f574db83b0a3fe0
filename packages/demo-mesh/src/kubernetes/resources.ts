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

import { BUILT_IN_RESOURCES } from './builtInResources';
import { GATEWAY_API_RESOURCES } from './gatewayApiResources';
import { ISTIO_RESOURCES } from './istioResources';
import type { ResourceDefinition } from './resourceDefinition';

/** Every resource the demo cluster can serve. */
const RESOURCES: readonly ResourceDefinition[] = [
  ...BUILT_IN_RESOURCES,
  ...ISTIO_RESOURCES,
  ...GATEWAY_API_RESOURCES,
];

/** The resource's name as `kubectl` writes it: `pods`, `virtualservices.networking.istio.io`. */
export function resourceName(
  definition: Pick<ResourceDefinition, 'group' | 'plural'>,
): string {
  return definition.group
    ? `${definition.plural}.${definition.group}`
    : definition.plural;
}

/** `v1`, `apps/v1`, `networking.istio.io/v1`. */
export function apiVersionOf(group: string, version: string): string {
  return group ? `${group}/${version}` : version;
}

/** The group of an apiVersion, `''` for core. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/**
 * The resources of one demo cluster.
 *
 * @param absentGroups - API groups whose CRDs this cluster does not have
 */
export class ResourceTable {
  readonly all: readonly ResourceDefinition[];
  private readonly byName = new Map<string, ResourceDefinition>();
  private readonly byKind = new Map<string, ResourceDefinition>();

  constructor(absentGroups: readonly string[] = []) {
    this.all = RESOURCES.filter(entry => !absentGroups.includes(entry.group));
    for (const definition of this.all) {
      this.byName.set(resourceName(definition), definition);
      this.byKind.set(`${definition.group}/${definition.kind}`, definition);
    }
  }

  /** Finds a resource by group, version and plural; `undefined` when it is not served. */
  find(
    group: string,
    version: string,
    plural: string,
  ): ResourceDefinition | undefined {
    const definition = this.byName.get(resourceName({ group, plural }));
    return definition?.versions.includes(version) ? definition : undefined;
  }

  /** Finds a resource by its name, for example `deployments.apps`. */
  named(name: string): ResourceDefinition | undefined {
    return this.byName.get(name);
  }

  /** Finds the resource of an object. */
  ofObject(apiVersion: string, kind: string): ResourceDefinition | undefined {
    return this.byKind.get(`${groupOf(apiVersion)}/${kind}`);
  }
}
