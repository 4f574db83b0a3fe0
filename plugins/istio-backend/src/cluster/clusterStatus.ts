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

import type { MeshSnapshot } from '@mesh-portal/mesh-model';
import type { ClusterStatus } from '@mesh-portal/backstage-plugin-istio-common';
import type { ClusterFailure } from './ClusterConnection';
import type { KindEntry } from './ClusterSync';
import { istioVersionsOf } from './istioVersions';

const CONNECTION_FAILURES: ReadonlySet<ClusterFailure> = new Set([
  'unreachable',
  'unauthorized',
  'throttled',
  'malformed',
  'expired',
]);

interface ClusterFacts {
  name: string;
  title: string | undefined;
  entries: readonly KindEntry[];
  ageSeconds: number | undefined;
  snapshot: MeshSnapshot;
}

/**
 * Puts the states of all kinds together. `synced` only when every kind is watched, absent or forbidden; while
 * anything else is wrong the snapshot serves as `stale`, or there is none.
 */
export function clusterStatus(facts: ClusterFacts): ClusterStatus {
  const { entries } = facts;
  return {
    name: facts.name,
    ...(facts.title === undefined ? {} : { title: facts.title }),
    ...stateOf(entries),
    ...(facts.ageSeconds === undefined ? {} : { ageSeconds: facts.ageSeconds }),
    missingKinds: missingKindsOf(entries),
    istioVersions: istioVersionsOf(facts.snapshot),
  };
}

function stateOf(
  entries: readonly KindEntry[],
): Pick<ClusterStatus, 'state' | 'message'> {
  const broken = entries.find(
    ({ sync: { state } }) =>
      state.phase === 'failing' &&
      state.failure !== undefined &&
      CONNECTION_FAILURES.has(state.failure),
  )?.sync.state;
  const anyListed = entries.some(({ sync }) => sync.state.listed);
  const pending = entries.some(({ sync: { state } }) => {
    return (
      !state.listed &&
      (state.phase === 'pending' ||
        (state.failure !== undefined && CONNECTION_FAILURES.has(state.failure)))
    );
  });
  if (broken === undefined) {
    return pending
      ? { state: 'syncing', message: 'The first read is not complete yet' }
      : { state: 'synced' };
  }
  const message = remedyOf(broken.failure, broken.message ?? '');
  if (anyListed) {
    return pending
      ? { state: 'syncing', message }
      : {
          state: 'stale',
          message: `${message}. The last good state is shown`,
        };
  }
  return {
    state: broken.failure === 'unauthorized' ? 'unauthorized' : 'unreachable',
    message,
  };
}

function remedyOf(
  failure: ClusterFailure | undefined,
  message: string,
): string {
  switch (failure) {
    case 'unauthorized':
      return `The cluster refused the credentials (${message}). Check the token of the service account in the Kubernetes plugin’s configuration`;
    case 'throttled':
      return `The API server asks to slow down (${message}); the read goes on by itself`;
    case 'malformed':
      return `The cluster’s address gave an unexpected answer (${message}). Check the address in the Kubernetes plugin’s configuration`;
    default:
      return `The cluster cannot be reached (${message}). Check its address and the network between the portal and it`;
  }
}

type MissingKind = ClusterStatus['missingKinds'][number];

function missingKindsOf(
  entries: readonly KindEntry[],
): ClusterStatus['missingKinds'] {
  const all = entries.every(({ sync }) => sync.state.phase === 'failing');
  return entries.flatMap<MissingKind>(
    ({ kind, namespace, sync: { state } }) => {
      if (state.phase !== 'failing') {
        return [];
      }
      const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
      if (state.failure === 'absent') {
        return [
          {
            kind,
            reason: 'absent',
            message: `The cluster does not have the kind ${kind}${where}`,
          },
        ];
      }
      if (state.failure === 'forbidden') {
        return [
          {
            kind,
            reason: 'forbidden',
            message: `Cannot list ${kind}${where}: ${
              state.message ?? 'forbidden'
            }. Grant get, list and watch (manifests/clusterrole.yaml)`,
          },
        ];
      }
      // When nothing at all can be read, the message of the cluster says so once.
      if (all) {
        return [];
      }
      return [
        {
          kind,
          reason: 'error',
          message: `Cannot read ${kind}${where}: ${state.message ?? 'failed'}`,
        },
      ];
    },
  );
}
