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

export type { MeshSnapshot, ObjectChange } from './types';
export { SnapshotStore, snapshotOf } from './SnapshotStore';
export { compareByAge, mergedByAge } from './order';
export { isSubset, matchesLabelSelector } from './labelSelection';
export { ownerOfPod } from './podOwner';
export type { PodOwner } from './podOwner';
export { derivation, type DerivationInput, versionSum } from './derivation';
export {
  AskedTable,
  type ChangedTopics,
  type LookUp,
  lookUpTable,
} from './AskedTable';
export { following, groupsOf, type Groups } from './following';
export { differentElements } from './listDifference';
export {
  answered,
  isObserved,
  keptPerKey,
  keptPerObject,
  sameAnswer,
} from './reading';
export type { Entries } from './LayeredMap';
export { oncePerObject } from './oncePerObject';
