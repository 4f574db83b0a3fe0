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

/** How a cell of `kubectl get` is read from an object. */
export interface PrinterColumn {
  readonly name: string;
  /** fields from the object's root; arrays are joined with commas */
  readonly path: readonly string[];
  readonly priority?: number;
}

/** One resource the API server serves: one storage, any number of versions. */
export interface ResourceDefinition {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  /** served versions, preferred first; objects are stored in the first */
  readonly versions: readonly string[];
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly ('status' | 'scale')[];
  /** defined by a CustomResourceDefinition, so no strategic merge patch */
  readonly custom: boolean;
  readonly columns: readonly PrinterColumn[];
}

type Options = Partial<
  Pick<
    ResourceDefinition,
    'namespaced' | 'shortNames' | 'categories' | 'subresources' | 'columns'
  >
>;

/** A resource of Kubernetes itself, with one version. */
export function builtIn(
  group: string,
  version: string,
  kind: string,
  plural: string,
  options: Options = {},
): ResourceDefinition {
  return {
    group,
    kind,
    plural,
    singular: kind.toLowerCase(),
    versions: [version],
    namespaced: true,
    shortNames: [],
    categories: [],
    subresources: ['status'],
    custom: false,
    columns: [],
    ...options,
  };
}

/** A resource that a CustomResourceDefinition brings. */
export function custom(
  group: string,
  versions: readonly string[],
  kind: string,
  plural: string,
  options: Options = {},
): ResourceDefinition {
  return {
    group,
    kind,
    plural,
    singular: kind.toLowerCase(),
    versions,
    namespaced: true,
    shortNames: [],
    categories: ['istio-io', group.replace(/\./g, '-')],
    subresources: ['status'],
    custom: true,
    columns: [],
    ...options,
  };
}

/** A column of `kubectl get`: its title, and the fields from the object's root. */
export function column(name: string, ...path: string[]): PrinterColumn {
  return { name, path };
}
