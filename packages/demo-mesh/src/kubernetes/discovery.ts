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
import { apiVersionOf, type ResourceTable } from './resources';

const VERBS = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

function groupVersions(table: ResourceTable): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { group, versions } of table.all) {
    const known = groups.get(group) ?? [];
    groups.set(group, [
      ...known,
      ...versions.filter(version => !known.includes(version)),
    ]);
  }
  return groups;
}

function groupObject(name: string, versions: readonly string[]): JsonObject {
  const entries = versions.map(version => ({
    groupVersion: apiVersionOf(name, version),
    version,
  }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

function resourceEntries(definition: ResourceDefinition): JsonObject[] {
  const { plural, singular, namespaced, kind, shortNames, categories } =
    definition;
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs: VERBS,
      shortNames,
      categories,
    },
    ...definition.subresources.map(subresource => ({
      name: `${plural}/${subresource}`,
      singularName: '',
      namespaced,
      kind: subresource === 'scale' ? 'Scale' : kind,
      ...(subresource === 'scale'
        ? { group: 'autoscaling', version: 'v1' }
        : {}),
      verbs: ['get', 'patch', 'update'],
    })),
  ];
}

/** What fieldValidation-aware clients look for: each kind's patch operation takes `fieldValidation`. */
function openApiDocument(
  group: string,
  version: string,
  table: ResourceTable,
): JsonObject {
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`;
  const served = table.all.filter(
    entry => entry.group === group && entry.versions.includes(version),
  );
  const operations = served.map(entry => {
    const scope = entry.namespaced ? '/namespaces/{namespace}' : '';
    return [
      `${root}${scope}/${entry.plural}/{name}`,
      {
        patch: {
          parameters: [
            {
              name: 'fieldValidation',
              in: 'query',
              schema: { type: 'string' },
            },
          ],
          responses: { 200: { description: 'OK' } },
          'x-kubernetes-group-version-kind': {
            group,
            version,
            kind: entry.kind,
          },
        },
      },
    ] as const;
  });
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.33.1' },
    paths: Object.fromEntries(operations),
    components: { schemas: {} },
  };
}

/**
 * Answers the discovery paths that clients read before anything else; `undefined` for any other path.
 *
 * @param segments - the path, split at slashes, without the empty first part
 */
export function discoveryAnswer(
  segments: readonly string[],
  table: ResourceTable,
): JsonObject | undefined {
  const groups = groupVersions(table);
  const path = segments.join('/');
  if (path === 'version') {
    return {
      major: '1',
      minor: '33',
      gitVersion: 'v1.33.1',
      platform: 'linux/amd64',
    };
  }
  if (path === 'api') {
    return { kind: 'APIVersions', versions: ['v1'] };
  }
  if (path === 'apis') {
    const named = [...groups].filter(([name]) => name !== '');
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: named.map(([name, versions]) => groupObject(name, versions)),
    };
  }
  if (path === 'openapi/v3') {
    const paths = [...groups].flatMap(([group, versions]) =>
      versions.map(version => {
        const key = group ? `apis/${group}/${version}` : `api/${version}`;
        return [key, { serverRelativeURL: `/openapi/v3/${key}` }] as const;
      }),
    );
    return { paths: Object.fromEntries(paths) };
  }
  if (segments[0] === 'openapi' && segments[1] === 'v3') {
    const [group, version] =
      segments[2] === 'api' ? ['', segments[3]] : [segments[3], segments[4]];
    return groups.get(group)?.includes(version)
      ? openApiDocument(group, version, table)
      : undefined;
  }
  if (segments[0] === 'apis' && segments.length === 2) {
    const versions = groups.get(segments[1]);
    return (
      versions && {
        kind: 'APIGroup',
        apiVersion: 'v1',
        ...groupObject(segments[1], versions),
      }
    );
  }
  const core = segments[0] === 'api' && segments.length === 2;
  const named = segments[0] === 'apis' && segments.length === 3;
  const [group, version] = core
    ? ['', segments[1]]
    : [segments[1], segments[2]];
  if ((core || named) && groups.get(group)?.includes(version)) {
    return {
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: apiVersionOf(group, version),
      resources: table.all
        .filter(
          entry => entry.group === group && entry.versions.includes(version),
        )
        .flatMap(resourceEntries),
    };
  }
  return undefined;
}
