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

import type { TriageChange } from '@mesh-portal/backstage-plugin-istio-common';
import {
  KINDS,
  type MeshKind,
  type MeshObject,
  type MeshSnapshot,
} from '@mesh-portal/mesh-model';
import type { SeenChange } from '../cluster';
import {
  type ChangeTarget,
  relationOf,
  relationOfAbsent,
} from './changeRelation';

/** A change before it is known when the trouble began. */
export type FoundChange = Omit<TriageChange, 'secondsBefore' | 'at'> & {
  /** epoch milliseconds */
  at: number;
};

export interface ChangeQuestion extends ChangeTarget {
  snapshot: MeshSnapshot;
  /** those that see more errors, as metrics name them */
  callers: readonly { namespace: string; name: string }[];
  seen: readonly SeenChange[];
}

const WORKLOAD_KINDS: readonly MeshKind[] = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
];

/** Kinds that nobody edits to change what a service does, or that are looked at otherwise. */
const NOT_CONFIGURATION: ReadonlySet<MeshKind> = new Set<MeshKind>([
  'Pod',
  'Node',
  'EndpointSlice',
  'ReplicaSet',
  'ServiceAccount',
  ...WORKLOAD_KINDS,
]);

const CONFIGURATION = KINDS.filter(
  ({ kind, namespaced }) => namespaced && !NOT_CONFIGURATION.has(kind),
);

/** Changes of the same object so close together are one, told by two sources. */
const SAME_CHANGE_MS = 90_000;

/** Changes so long before the beginning still count, and those so shortly after it: its moment is not exact. */
const BEFORE_MS = 30 * 60_000;
const AFTER_MS = 5 * 60_000;

const MAX_CHANGES = 10;

const RELATIONS: readonly TriageChange['relation'][] = [
  'workload',
  'acts-on-service',
  'caller',
  'same-namespace',
  'mesh-wide',
];

/** Every change known that could concern a service, in no order. */
export function findChanges(question: ChangeQuestion): FoundChange[] {
  const { snapshot, service, rootNamespace } = question;
  const where = [...new Set([service.namespace, rootNamespace])];
  const dated = where.flatMap(namespace =>
    CONFIGURATION.flatMap(({ kind }) =>
      snapshot
        .list(kind, namespace)
        .flatMap(object => datedChanges(question, object)),
    ),
  );
  const rollouts = question.workloads.flatMap(({ ref, namespace, name }) =>
    workloadChanges(question, { kind: ref.kind, namespace, name }, 'workload'),
  );
  const ofCallers = callerChanges(question, where);
  const seen = question.seen
    .map(change => ({ ...change, ...seenChange(question, change) }))
    .filter(
      ({ namespace, relation }) =>
        where.includes(namespace) || relation === 'acts-on-service',
    )
    .map(
      ({ kind: _kind, namespace: _namespace, name: _name, ...change }) =>
        change,
    );
  return merged([...seen, ...rollouts, ...ofCallers, ...dated]);
}

/**
 * The changes near a beginning, the likeliest first: closest to the service, then closest in time.
 *
 * @param beganAt - epoch milliseconds
 */
export function changesNear(
  changes: readonly FoundChange[],
  beganAt: number,
): TriageChange[] {
  const near = changes.filter(
    ({ at }) => at >= beganAt - BEFORE_MS && at <= beganAt + AFTER_MS,
  );
  return ranked(near, beganAt).map(change => ({
    ...published(change),
    secondsBefore: Math.round((beganAt - change.at) / 1000),
  }));
}

/** The latest changes, where no beginning is known. */
export function changesSince(
  changes: readonly FoundChange[],
  from: number,
): TriageChange[] {
  return [...changes]
    .filter(({ at }) => at >= from)
    .sort((a, b) => b.at - a.at)
    .slice(0, MAX_CHANGES)
    .map(published);
}

function ranked(
  changes: readonly FoundChange[],
  beganAt: number,
): FoundChange[] {
  return [...changes]
    .sort(
      (a, b) =>
        RELATIONS.indexOf(a.relation) - RELATIONS.indexOf(b.relation) ||
        Math.abs(a.at - beganAt) - Math.abs(b.at - beganAt),
    )
    .slice(0, MAX_CHANGES);
}

function published(change: FoundChange): TriageChange {
  return { ...change, at: new Date(change.at).toISOString() };
}

/** The same change told twice: fields from who saw it, the hand that wrote it from the object. */
function merged(changes: readonly FoundChange[]): FoundChange[] {
  const kept: FoundChange[] = [];
  for (const change of changes) {
    const same = kept.findIndex(
      other =>
        other.object.kind === change.object.kind &&
        other.object.namespace === change.object.namespace &&
        other.object.name === change.object.name &&
        (other.what === 'deleted') === (change.what === 'deleted') &&
        Math.abs(other.at - change.at) < SAME_CHANGE_MS,
    );
    if (same < 0) {
      kept.push(change);
      continue;
    }
    const first = kept[same];
    kept[same] = {
      ...first,
      at: Math.min(first.at, change.at),
      fields: [...new Set([...first.fields, ...change.fields])],
      ...(first.by === undefined && change.by && { by: change.by }),
    };
  }
  return kept;
}

function groupOf(kind: MeshKind): string {
  return KINDS.find(each => each.kind === kind)?.group ?? '';
}

function changeOf(
  question: ChangeQuestion,
  object: { kind: MeshKind; namespace: string; name: string },
  more: Pick<FoundChange, 'what' | 'at' | 'source' | 'relation'> &
    Partial<FoundChange>,
): FoundChange {
  const { kind, namespace, name } = object;
  return {
    cluster: question.service.cluster,
    object: {
      group: groupOf(kind),
      kind,
      ...(namespace !== '' && { namespace }),
      name,
    },
    fields: [],
    ...more,
  };
}

function datedChanges(
  question: ChangeQuestion,
  object: MeshObject,
): FoundChange[] {
  const { kind, metadata } = object;
  const { namespace, name, createdAt, lastChange } = metadata;
  const relation = relationOf(question, object);
  const isEdited =
    lastChange !== undefined && lastChange.at - createdAt >= SAME_CHANGE_MS;
  const by = lastChange && lastChange.by !== '' ? { by: lastChange.by } : {};
  return [
    ...(isEdited
      ? [
          changeOf(
            question,
            { kind, namespace, name },
            {
              what: 'changed',
              at: lastChange.at,
              source: 'managedFields',
              relation,
              ...by,
            },
          ),
        ]
      : []),
    ...(createdAt > 0
      ? [
          changeOf(
            question,
            { kind, namespace, name },
            {
              what: 'created',
              at: createdAt,
              source: 'creationTimestamp',
              relation,
              ...(isEdited ? {} : by),
            },
          ),
        ]
      : []),
  ];
}

/** What was changed about callers: their workloads, and what of their namespaces acts on the service. */
function callerChanges(
  question: ChangeQuestion,
  known: readonly string[],
): FoundChange[] {
  const { snapshot, callers, workloads } = question;
  const others = callers.filter(
    ({ namespace, name }) =>
      !workloads.some(
        each => each.namespace === namespace && each.name === name,
      ),
  );
  const rollouts = others.flatMap(({ namespace, name }) =>
    WORKLOAD_KINDS.flatMap(kind =>
      workloadChanges(question, { kind, namespace, name }, 'caller'),
    ),
  );
  const namespaces = new Set(others.map(({ namespace }) => namespace));
  const acting = [...namespaces]
    .filter(namespace => !known.includes(namespace))
    .flatMap(namespace =>
      CONFIGURATION.flatMap(({ kind }) =>
        snapshot
          .list(kind, namespace)
          .flatMap(object => datedChanges(question, object)),
      ),
    )
    .filter(({ relation }) => relation === 'acts-on-service');
  return [...rollouts, ...acting];
}

/** What happened to a workload: it was edited, or a new ReplicaSet began to roll it out. */
function workloadChanges(
  question: ChangeQuestion,
  workload: { kind: string; namespace: string; name: string },
  relation: FoundChange['relation'],
): FoundChange[] {
  const { snapshot } = question;
  const { namespace, name } = workload;
  const kind = WORKLOAD_KINDS.find(each => each === workload.kind);
  if (kind === undefined) return [];
  const object = snapshot.get(kind, namespace, name);
  const edited = object
    ? datedChanges(question, object).map(change => ({
        ...change,
        relation,
      }))
    : [];
  const rollouts = snapshot
    .list('ReplicaSet', namespace)
    .filter(({ spec }) =>
      spec.owners.some(
        owner => owner.controller && owner.kind === kind && owner.name === name,
      ),
    )
    .filter(({ metadata }) => metadata.createdAt > 0)
    .map(({ metadata }) =>
      changeOf(
        question,
        { kind, namespace, name },
        {
          what: 'changed',
          at: metadata.createdAt,
          source: 'creationTimestamp',
          relation: 'workload',
          fields: [`rolled out as ReplicaSet ${metadata.name}`],
        },
      ),
    );
  return [...rollouts, ...edited];
}

function seenChange(
  question: ChangeQuestion,
  { kind, namespace, name, at, what, fields }: SeenChange,
): FoundChange {
  const object = question.snapshot.get(kind, namespace, name);
  return changeOf(
    question,
    { kind, namespace, name },
    {
      what,
      at,
      source: 'seen',
      fields: [...fields],
      relation: object
        ? relationOf(question, object)
        : relationOfAbsent(question, kind, namespace, name),
    },
  );
}
