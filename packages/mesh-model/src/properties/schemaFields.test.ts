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

import { projectObject } from '../objects';
import { resourceSchemas, type Schema } from './__testUtils__/crdSchemas';

/** A value in which every field of the schema stands. */
function fullest(schema: Schema): unknown {
  if (schema.enum !== undefined) {
    return schema.enum.find(value => value !== '') ?? schema.enum[0];
  }
  if (schema['x-kubernetes-int-or-string']) {
    return 80;
  }
  switch (schema.type) {
    case 'object': {
      const { properties = {}, additionalProperties } = schema;
      const extra =
        typeof additionalProperties === 'object'
          ? { key: fullest(additionalProperties) }
          : {};
      return {
        ...Object.fromEntries(
          Object.entries(properties).map(([name, property]) => [
            name,
            fullest(property),
          ]),
        ),
        ...extra,
      };
    }
    case 'array':
      return [fullest(schema.items ?? {})];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return 'text';
  }
}

/** Fields whose effect the model does not compute yet: an answer that rests on an object with one of them is advisory. */
const ADVISORY = [
  /^spec\.useDefaultGateways$/,
  /^spec\.defaultScope$/,
  /^spec\.tls\.backend$/,
  /\.retryBudget\.budgetInterval$/,
  /\.outlierDetectionHttpErrorCodes$/,
  /\.loadBalancer\.(zoneAwareLbSetting|backendUtilization)$/,
  /\.tls\.(tlsCertificates|insecureSkipVerify|caCertCredentialName)$/,
  /\.sessionPersistence$/,
  /\.externalAuth$/,
  /^spec\.options$/,
  /^spec\.jwtRules\[0\]\.presence$/,
];

describe('the fields that the schemas of Istio and Gateway API know', () => {
  const schemas = resourceSchemas();
  if (schemas.length === 0) {
    it('are not here: the schemas stand beside the repository', () => {
      expect(schemas).toEqual([]);
    });
    return;
  }

  it.each(schemas)(
    'of $resourceKind $apiVersion are read, known to decide nothing, or make answers advisory',
    ({ apiVersion, resourceKind, schema }) => {
      const object = projectObject({
        apiVersion,
        kind: resourceKind,
        metadata: { name: 'all', namespace: 'some' },
        spec: fullest(schema.properties?.spec ?? {}),
      });
      expect(object).toBeDefined();
      expect(
        (object?.unread ?? []).filter(
          path => !ADVISORY.some(known => known.test(path)),
        ),
      ).toEqual([]);
    },
  );
});
