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

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { kindOf, type MeshKind } from '../../objects';

/** The part of OpenAPI v3 that the schemas of custom resources use. */
export interface Schema {
  type?: string;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  enum?: readonly unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  format?: string;
  oneOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  allOf?: readonly Schema[];
  not?: Schema;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
}

/** One kind of custom resource in one of its versions. */
export interface ResourceSchema {
  kind: MeshKind;
  apiVersion: string;
  /** the kind as Kubernetes names it */
  resourceKind: string;
  schema: Schema;
}

interface Definition {
  kind?: string;
  spec: {
    group: string;
    names: { kind: string };
    versions: {
      name: string;
      schema: { openAPIV3Schema: Schema };
    }[];
  };
}

const DIRECTORY = resolve(__dirname, '../../../../../../shared/crds');

/** The schemas that Istio and Gateway API ship, of the kinds the model reads; empty where they are not at hand. */
export function resourceSchemas(): ResourceSchema[] {
  if (!existsSync(DIRECTORY)) {
    return [];
  }
  return ['istio.yaml', 'gateway-api.yaml'].flatMap(file =>
    parseAllDocuments(readFileSync(resolve(DIRECTORY, file), 'utf8'))
      .map(document => document.toJS() as Definition | null)
      .flatMap(definition => {
        if (definition?.kind !== 'CustomResourceDefinition') {
          return [];
        }
        const { group, names, versions } = definition.spec;
        return versions.flatMap(version => {
          const apiVersion = `${group}/${version.name}`;
          const kind = kindOf(apiVersion, names.kind);
          return kind === undefined
            ? []
            : [
                {
                  kind,
                  apiVersion,
                  resourceKind: names.kind,
                  schema: version.schema.openAPIV3Schema,
                },
              ];
        });
      }),
  );
}
