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

import type { ClusterStatus } from '@mesh-portal/backstage-plugin-istio-common';
import { staleWords } from './AgeLabel';

function cluster(name: string, state: ClusterStatus['state']): ClusterStatus {
  return { name, state, missingKinds: [] };
}

describe('the words of an answer that is not fresh', () => {
  it('give the age where an older answer is shown', () => {
    expect(staleWords([cluster('east', 'stale')], 480, false)).toBe(
      'Stale: 8 min old, the cluster does not answer',
    );
    expect(staleWords([cluster('east', 'synced')], 90, true)).toBe(
      'Stale: 2 min old, the portal does not answer',
    );
  });

  it.each(['syncing', 'unreachable', 'unauthorized'] as const)(
    'give no age to a cluster that never answered (%s)',
    state => {
      expect(
        staleWords(
          [
            cluster('east', 'synced'),
            { ...cluster('w', state), title: 'West' },
          ],
          0,
          false,
        ),
      ).toBe('Not read yet: West');
    },
  );
});
