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

import { demoObjects, objectsOfYaml } from './demoObjects';
import { demoTopology } from './topology';

const objects = demoObjects(demoTopology);

function find(kind: string, namespace: string, name: string) {
  return objects.find(
    ({ kind: k, metadata }) =>
      k === kind &&
      (metadata.namespace ?? '') === namespace &&
      metadata.name === name,
  );
}

describe('demoObjects', () => {
  it('names every object once', () => {
    const keys = objects.map(
      ({ apiVersion, kind, metadata }) =>
        `${apiVersion.split('/')[0]} ${kind} ${metadata.namespace}/${
          metadata.name
        }`,
    );
    expect(keys.length).toBe(new Set(keys).size);
  });

  it('puts everything into a namespace that exists', () => {
    for (const { metadata } of objects) {
      const { namespace } = metadata;
      if (namespace) {
        expect([
          namespace,
          find('Namespace', '', namespace) !== undefined,
        ]).toEqual([namespace, true]);
      }
    }
  });

  it('has a Deployment and a Service for both ends of every edge', () => {
    for (const { from, to } of demoTopology.edges) {
      expect([
        from.workload,
        find('Deployment', from.namespace, from.workload)?.kind,
      ]).toEqual([from.workload, 'Deployment']);
      expect([
        to.service,
        find('Service', to.namespace, to.service)?.kind,
      ]).toEqual([to.service, 'Service']);
    }
  });

  it('holds the object that began each incident', () => {
    for (const { cause } of demoTopology.incidents) {
      const kind = cause.resource.startsWith('deployments')
        ? 'Deployment'
        : 'DestinationRule';
      expect(find(kind, cause.namespace, cause.name)?.kind).toBe(kind);
    }
  });
});

describe('objectsOfYaml', () => {
  it('says where a text is malformed', () => {
    expect(() => objectsOfYaml('a: [1')).toThrow(/line 1/);
  });
});
