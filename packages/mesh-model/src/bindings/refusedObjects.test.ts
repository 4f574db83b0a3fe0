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

import { parseAllDocuments } from 'yaml';
import { snapshotOf } from '../snapshot';
import { BOOKINFO } from '../testing/bookinfo';
import { projectWithRefusals } from '../validation';
import { refusedObjectsOfService } from './refusedObjects';

/** A mesh as the back end reads it: with what istiod would refuse. */
function checked(yaml: string) {
  return snapshotOf(
    parseAllDocuments(yaml).flatMap(
      document => projectWithRefusals(document.toJS()) ?? [],
    ),
  );
}

function virtualService(name: string, host: string, retryOn: string): string {
  return `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: bookinfo}
spec:
  hosts: [${host}]
  http:
  - retries: {attempts: 2, retryOn: "${retryOn}"}
    route: [{destination: {host: ${host}}}]`;
}

function refusedIn(yaml: string) {
  const snapshot = checked(yaml);
  const service = snapshot.get('Service', 'bookinfo', 'reviews');
  if (service === undefined) {
    throw new Error('Bookinfo has the service reviews.');
  }
  return refusedObjectsOfService(snapshot, service).map(
    ({ object, refusals, acts }) =>
      `${object.kind} ${object.name} (${acts ? 'acts' : 'does not act'}): ${
        refusals[0].path
      }`,
  );
}

const TYPO = '5xx,gateway-eror';

describe('objects of a service that istiod would refuse', () => {
  it('are named with the field, and whether they act all the same', () => {
    expect(
      refusedIn(
        BOOKINFO +
          virtualService('a-reviews', 'reviews', TYPO) +
          virtualService('b-reviews', 'reviews', TYPO),
      ),
    ).toEqual([
      'VirtualService a-reviews (acts): spec.http[0].retries.retryOn',
      'VirtualService b-reviews (does not act): spec.http[0].retries.retryOn',
    ]);
  });

  it('are none where all is sound, nor those of another service', () => {
    expect(
      refusedIn(
        BOOKINFO +
          virtualService('reviews', 'reviews', '5xx') +
          virtualService('ratings', 'ratings', TYPO),
      ),
    ).toEqual([]);
  });
});
