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

import {
  asArray,
  asNumber,
  asObject,
  asString,
  fieldAt,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
} from './object';
import type { ResourceDefinition } from './resourceDefinition';
import { resourceName } from './resources';

interface Column {
  readonly name: string;
  readonly cell: (object: KubernetesObject, now: number) => string | number;
}

/** Age as kubectl writes it: `12s`, `5m`, `3h`, `9d`. */
function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) {
    return `${seconds}s`;
  }
  if (seconds < 2 * 3600) {
    return `${Math.floor(seconds / 60)}m`;
  }
  if (seconds < 2 * 86_400) {
    return `${Math.floor(seconds / 3600)}h`;
  }
  return `${Math.floor(seconds / 86_400)}d`;
}

function ageCell(object: KubernetesObject, now: number): string {
  const created = Date.parse(object.metadata.creationTimestamp ?? '');
  return Number.isNaN(created) ? '<unknown>' : formatAge(now - created);
}

const NAME: Column = { name: 'Name', cell: object => object.metadata.name };
const AGE: Column = { name: 'Age', cell: ageCell };

function isReady(status: Json): boolean {
  return asObject(status).ready === true;
}

function podReady(object: KubernetesObject): string {
  const sidecars = asArray(fieldAt(object, 'spec', 'initContainers')).filter(
    container => fieldAt(container, 'restartPolicy') === 'Always',
  ).length;
  const total =
    asArray(fieldAt(object, 'spec', 'containers')).length + sidecars;
  const ready = [
    ...asArray(fieldAt(object, 'status', 'containerStatuses')),
    ...asArray(fieldAt(object, 'status', 'initContainerStatuses')).slice(
      0,
      sidecars,
    ),
  ].filter(isReady).length;
  return `${ready}/${total}`;
}

function podStatus(object: KubernetesObject): string {
  if (object.metadata.deletionTimestamp) {
    return 'Terminating';
  }
  for (const status of asArray(
    fieldAt(object, 'status', 'containerStatuses'),
  )) {
    const reason = asString(fieldAt(status, 'state', 'waiting', 'reason'));
    if (reason && reason !== 'ContainerCreating') {
      return reason;
    }
  }
  return asString(fieldAt(object, 'status', 'phase')) || 'Unknown';
}

function servicePorts(object: KubernetesObject): string {
  return (
    asArray(fieldAt(object, 'spec', 'ports'))
      .map(entry => {
        const port = asObject(entry);
        const node = port.nodePort ? `:${port.nodePort}` : '';
        return `${port.port}${node}/${port.protocol ?? 'TCP'}`;
      })
      .join(',') || '<none>'
  );
}

function count(...path: string[]): Column['cell'] {
  return object => asNumber(fieldAt(object, ...path), 0);
}

function text(...path: string[]): Column['cell'] {
  return object => asString(fieldAt(object, ...path)) || '<none>';
}

function addresses(object: KubernetesObject): string {
  const values = asArray(
    fieldAt(object, 'status', 'loadBalancer', 'ingress'),
  ).map(
    entry =>
      asString(fieldAt(entry, 'ip')) || asString(fieldAt(entry, 'hostname')),
  );
  return values.join(',') || '<none>';
}

const BUILT_IN: { readonly [resource: string]: readonly Column[] } = {
  namespaces: [{ name: 'Status', cell: text('status', 'phase') }],
  nodes: [
    { name: 'Status', cell: () => 'Ready' },
    { name: 'Version', cell: text('status', 'nodeInfo', 'kubeletVersion') },
  ],
  pods: [
    { name: 'Ready', cell: podReady },
    { name: 'Status', cell: podStatus },
    { name: 'Restarts', cell: () => 0 },
  ],
  services: [
    { name: 'Type', cell: text('spec', 'type') },
    { name: 'Cluster-IP', cell: text('spec', 'clusterIP') },
    { name: 'External-IP', cell: addresses },
    { name: 'Port(s)', cell: servicePorts },
  ],
  configmaps: [
    { name: 'Data', cell: object => Object.keys(asObject(object.data)).length },
  ],
  'deployments.apps': [
    {
      name: 'Ready',
      cell: object =>
        `${asNumber(fieldAt(object, 'status', 'readyReplicas'), 0)}/${asNumber(
          fieldAt(object, 'spec', 'replicas'),
          1,
        )}`,
    },
    { name: 'Up-to-date', cell: count('status', 'updatedReplicas') },
    { name: 'Available', cell: count('status', 'availableReplicas') },
  ],
  'replicasets.apps': [
    { name: 'Desired', cell: count('spec', 'replicas') },
    { name: 'Current', cell: count('status', 'replicas') },
    { name: 'Ready', cell: count('status', 'readyReplicas') },
  ],
  'statefulsets.apps': [
    {
      name: 'Ready',
      cell: object =>
        `${asNumber(fieldAt(object, 'status', 'readyReplicas'), 0)}/${asNumber(
          fieldAt(object, 'spec', 'replicas'),
          1,
        )}`,
    },
  ],
  'daemonsets.apps': [
    { name: 'Desired', cell: count('status', 'desiredNumberScheduled') },
    { name: 'Ready', cell: count('status', 'numberReady') },
  ],
  'endpointslices.discovery.k8s.io': [
    { name: 'AddressType', cell: text('addressType') },
    {
      name: 'Endpoints',
      cell: object =>
        asArray(object.endpoints)
          .flatMap(entry => asArray(fieldAt(entry, 'addresses')))
          .join(',') || '<unset>',
    },
  ],
  'ingresses.networking.k8s.io': [
    { name: 'Class', cell: text('spec', 'ingressClassName') },
    {
      name: 'Hosts',
      cell: object =>
        asArray(fieldAt(object, 'spec', 'rules'))
          .map(rule => asString(fieldAt(rule, 'host')) || '*')
          .join(',') || '*',
    },
    { name: 'Address', cell: addresses },
  ],
};

/** Follows a printer column's path; a condition is picked out of `conditions` by its type. */
function customCell(object: KubernetesObject, path: readonly string[]): string {
  let current: Json = object;
  for (const field of path) {
    if (Array.isArray(current)) {
      const condition: Json = current.find(
        (item: Json) => fieldAt(item, 'type') === field,
      );
      current = condition
        ? fieldAt(condition, 'status')
        : current
            .map((item: Json) => fieldAt(item, field))
            .filter((value: Json) => value !== undefined);
    } else {
      current = isJsonObject(current) ? current[field] : undefined;
    }
  }
  if (current === undefined || current === null) {
    return '';
  }
  return Array.isArray(current) && path[0] === 'spec'
    ? JSON.stringify(current)
    : String(current);
}

function columnsOf(definition: ResourceDefinition): readonly Column[] {
  const middle =
    BUILT_IN[resourceName(definition)] ??
    definition.columns.map(column => ({
      name: column.name,
      cell: (object: KubernetesObject) => customCell(object, column.path),
    }));
  return [NAME, ...middle, AGE];
}

/**
 * The `Table` that `kubectl get` prints.
 *
 * @param now - current time, milliseconds since the epoch
 * @param includeObject - `Metadata` (the default), `Object` or `None`
 */
export function toTable(
  definition: ResourceDefinition,
  objects: readonly KubernetesObject[],
  metadata: JsonObject,
  now: number,
  includeObject: string,
): JsonObject {
  const columns = columnsOf(definition);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(column => ({
      name: column.name,
      type: 'string',
      format: column.name === 'Name' ? 'name' : '',
      description: '',
      priority: 0,
    })),
    rows: objects.map(object => ({
      cells: columns.map(column => column.cell(object, now)),
      ...(includeObject === 'None'
        ? {}
        : { object: rowObject(object, includeObject) }),
    })),
  };
}

function rowObject(
  object: KubernetesObject,
  includeObject: string,
): JsonObject {
  return includeObject === 'Object'
    ? object
    : {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: object.metadata,
      };
}

/** Whether the `Accept` header asks for a Table first. */
export function wantsTable(accept: string): boolean {
  return accept.split(',')[0].includes('as=Table');
}
