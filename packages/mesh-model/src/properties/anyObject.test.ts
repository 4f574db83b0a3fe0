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

import fc from 'fast-check';
import { KINDS, type MeshObject } from '../objects';
import { snapshotOf } from '../snapshot';
import { projectWithRefusals, validateObject } from '../validation';
import { BASE_MESH } from './__testUtils__/baseMesh';
import { resourceSchemas } from './__testUtils__/crdSchemas';
import { canonical, everyAnswer } from './__testUtils__/everyAnswer';
import { valueOf, withWrongType } from './__testUtils__/schemaArbitrary';

const schemas = resourceSchemas();

function projected(raws: readonly unknown[]): MeshObject[] {
  return raws.flatMap(raw => projectWithRefusals(raw) ?? []);
}

const base = projected(BASE_MESH);

/** Objects of every kind and version, in namespaces that matter. */
function anyObject(): fc.Arbitrary<Record<string, unknown>> {
  const ofKinds = schemas.map(({ apiVersion, resourceKind, schema }) =>
    fc.record({
      apiVersion: fc.constant(apiVersion),
      kind: fc.constant(resourceKind),
      metadata: fc.record({
        name: fc.constantFrom('a', 'gw', 'wp', 'x'),
        namespace: fc.constantFrom('istio-system', 'shop', 'web'),
      }),
      spec: valueOf(schema.properties?.spec ?? {}),
      ...(schema.properties?.status === undefined
        ? {}
        : { status: valueOf(schema.properties.status) }),
    }),
  );
  return fc.oneof(...ofKinds);
}

function ask(objects: readonly MeshObject[]): string {
  return canonical(everyAnswer(snapshotOf([...base, ...objects])));
}

/** What the schemas leave open and Istio does not: the operator of an expression, the name of a provider. */
const BEYOND_SCHEMA = /\.operator$|^spec\.provider\.name$/;

describe('objects by the schemas of Istio and Gateway API', () => {
  if (schemas.length === 0) {
    it('are not made: the schemas stand beside the repository', () => {
      expect(schemas).toEqual([]);
    });
    return;
  }

  it('of every kind can be asked about, whatever stands in them', () => {
    fc.assert(
      fc.property(
        fc.array(anyObject(), { minLength: 1, maxLength: 6 }),
        raws => {
          expect(ask(projected(raws))).toContain('services');
        },
      ),
      { numRuns: 100, seed: 20261 },
    );
  });

  it('that they admit are read without a problem', () => {
    fc.assert(
      fc.property(anyObject(), raw => {
        for (const { problems } of projected([raw])) {
          expect(
            problems.filter(
              ({ path }) =>
                path.startsWith('spec') && !BEYOND_SCHEMA.test(path),
            ),
          ).toEqual([]);
        }
      }),
      { numRuns: 600, seed: 20262 },
    );
  });

  it('and with a wrong type somewhere report it, and can be asked about as well', () => {
    let reported = 0;
    fc.assert(
      fc.property(anyObject(), fc.nat(), (raw, where) => {
        const spec = withWrongType(raw.spec, where);
        const objects = projected([{ ...raw, spec }]);
        for (const { problems, unread } of objects) {
          reported += problems.length > 0 || unread !== undefined ? 1 : 0;
        }
        expect(ask(objects)).toContain('services');
      }),
      { numRuns: 100, seed: 20263 },
    );
    // The rest have it where nothing is read: in free-form values and in fields that decide nothing.
    expect(reported).toBeGreaterThan(80);
  });

  it('and with anything at all in place of their parts do not stop the model', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...schemas),
        fc.anything({ maxDepth: 4 }),
        fc.anything({ maxDepth: 2 }),
        ({ apiVersion, resourceKind }, spec, labels) => {
          const objects = projected([
            {
              apiVersion,
              kind: resourceKind,
              metadata: { name: 'x', namespace: 'shop', labels },
              spec,
              status: spec,
            },
          ]);
          expect(ask(objects)).toContain('services');
        },
      ),
      { numRuns: 100, seed: 20264 },
    );
  });
});

describe('objects of Kubernetes', () => {
  const kinds = KINDS.filter(
    ({ group }) =>
      !group.endsWith('.istio.io') && group !== 'gateway.networking.k8s.io',
  );

  it('with anything at all in place of their parts do not stop the model', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.constantFrom('a', 'a-1', 'shop', 'web', 'istio', 'istiod'),
        fc.record({
          labels: fc.anything({ maxDepth: 2 }),
          annotations: fc.anything({ maxDepth: 2 }),
          ownerReferences: fc.anything({ maxDepth: 3 }),
        }),
        fc.anything({ maxDepth: 4 }),
        fc.anything({ maxDepth: 3 }),
        ({ kind, group, versions }, name, metadata, spec, rest) => {
          const objects = projected([
            {
              apiVersion:
                group === '' ? versions[0] : `${group}/${versions[0]}`,
              kind,
              metadata: { ...metadata, name, namespace: 'shop' },
              spec,
              status: rest,
              data: rest,
              webhooks: rest,
              endpoints: rest,
              ports: spec,
            },
          ]);
          expect(ask(objects)).toContain('services');
        },
      ),
      { numRuns: 100, seed: 20267 },
    );
  });
});

describe('the mesh configuration', () => {
  it('may be any text', () => {
    const setting = fc.constantFrom(
      'rootNamespace',
      'trustDomain',
      'extensionProviders',
      'defaultProviders',
      'defaultConfig',
      'discoverySelectors',
      'localityLbSetting',
      'serviceSettings',
      'outboundTrafficPolicy',
    );
    const text = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc
        .dictionary(setting, fc.jsonValue({ maxDepth: 3 }))
        .map(value => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(text, mesh => {
        const objects = projected([
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: 'istio', namespace: 'istio-system' },
            data: { mesh },
          },
        ]);
        expect(ask(objects)).toContain('services');
      }),
      { numRuns: 80, seed: 20268 },
    );
  });
});

describe('what admission would say', () => {
  it('is said about anything', () => {
    const kinds = KINDS.filter(({ group }) => group.endsWith('.istio.io'));
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.anything({ maxDepth: 4 }),
        ({ kind }, spec) => {
          const result = validateObject({
            kind,
            metadata: { namespace: 'shop' },
            spec,
          });
          expect(result === undefined || Array.isArray(result.errors)).toBe(
            true,
          );
        },
      ),
      { numRuns: 300, seed: 20269 },
    );
  });
});
