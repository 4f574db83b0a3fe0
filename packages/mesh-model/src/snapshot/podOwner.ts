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

import type { OwnerReference, SlimObjectByKind } from '../objects';

type Pod = SlimObjectByKind['Pod'];

/** The workload that owns a pod. */
export interface PodOwner {
  kind: string;
  name: string;
}

/** The owner that controls the object. */
export function controllerOf(
  owners: readonly OwnerReference[],
): OwnerReference | undefined {
  return owners.find(owner => owner.controller);
}

/**
 * The Deployment that a ReplicaSet's pod belongs to, by the hash that the Deployment controller appends to the
 * ReplicaSet's name. It serves where ReplicaSets cannot be read.
 */
export function deploymentByHash(
  replicaSet: string,
  pod: Pod,
): string | undefined {
  const hash = pod.metadata.labels['pod-template-hash'];
  return hash !== undefined && hash !== '' && replicaSet.endsWith(`-${hash}`)
    ? replicaSet.slice(0, -hash.length - 1)
    : undefined;
}

/** A CronJob names its Jobs after the minute (8 to 10 digits) or second they were due. */
const CRON_JOB_NAME = /^(.+)-\d{8,10}$/;

/**
 * Who owns a pod: its controller; in place of a ReplicaSet its Deployment (or other owner), in place of a scheduled Job
 * its CronJob; a pod without a controller owns itself.
 */
export function ownerOfPod(
  pod: Pod,
  replicaSet: SlimObjectByKind['ReplicaSet'] | undefined,
): PodOwner {
  const direct = controllerOf(pod.spec.owners);
  if (direct === undefined) {
    return { kind: 'Pod', name: pod.metadata.name };
  }
  if (direct.kind === 'ReplicaSet') {
    const above = replicaSet && controllerOf(replicaSet.spec.owners);
    if (above) {
      return { kind: above.kind, name: above.name };
    }
    const deployment = replicaSet
      ? undefined
      : deploymentByHash(direct.name, pod);
    return deployment === undefined
      ? { kind: 'ReplicaSet', name: direct.name }
      : { kind: 'Deployment', name: deployment };
  }
  const cronJob =
    direct.kind === 'Job' ? CRON_JOB_NAME.exec(direct.name)?.[1] : undefined;
  return cronJob === undefined
    ? { kind: direct.kind, name: direct.name }
    : { kind: 'CronJob', name: cronJob };
}
