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

import { BOOKINFO } from '../testing/bookinfo';
import { ap, ignored, object, pa, summary } from './__testUtils__/ignoredMesh';

describe('why a policy is ignored', () => {
  it('S5: a PeerAuthentication with a selector in the root namespace', () => {
    const [found] = ignored(
      BOOKINFO +
        pa(
          'istio-system/a',
          '{selector: {matchLabels: {app: reviews}}, mtls: {mode: STRICT}}',
        ),
    );
    expect(found).toMatchObject({
      cause: 'selector-in-root-namespace',
      path: 'spec.selector',
    });
  });

  it('S6: the younger of two for a namespace', () => {
    expect(
      summary(
        BOOKINFO +
          pa('bookinfo/older', '{mtls: {mode: DISABLE}}') +
          pa('bookinfo/younger', '{mtls: {mode: STRICT}}'),
      ),
    ).toEqual([['PeerAuthentication younger', 'younger-sibling', undefined]]);
  });

  it('one whose selector matches no pod', () => {
    const [found] = ignored(
      BOOKINFO +
        ap('bookinfo/typo', '{selector: {matchLabels: {app: review}}}'),
    );
    expect(found).toMatchObject({
      cause: 'selector-matches-nothing',
      path: 'spec.selector.matchLabels',
      reason: 'No pod of namespace bookinfo has the labels app=review.',
    });
  });

  it('one that targets the service, where only a sidecar could enforce it (S48)', () => {
    const target = '{targetRefs: [{kind: Service, name: reviews}]}';
    const [found] = ignored(BOOKINFO + ap('bookinfo/a', target));
    expect(found).toMatchObject({
      cause: 'target-without-waypoint',
      path: 'spec.targetRefs[0]',
    });
    expect(ignored(BOOKINFO + ap('infra/b', target))).toMatchObject([
      { cause: 'target-in-other-namespace' },
    ]);
  });

  it('one that cannot be read: the part that is malformed does not act', () => {
    expect(
      summary(
        BOOKINFO +
          ap(
            'bookinfo/a',
            '{action: DENY, rules: [{to: [{operation: {ports: 9080}}]}]}',
          ),
      ),
    ).toEqual([
      [
        'AuthorizationPolicy a',
        'malformed',
        'spec.rules[0].to[0].operation.ports',
      ],
    ]);
  });

  it('an empty selector of a ProxyConfig', () => {
    expect(
      summary(
        BOOKINFO +
          object(
            'networking.istio.io/v1beta1',
            'ProxyConfig',
            'bookinfo/all',
            '{selector: {}, concurrency: 2}',
          ),
      ),
    ).toEqual([['ProxyConfig all', 'empty-selector', 'spec.selector']]);
  });

  it('S118: of several Sidecars one acts', () => {
    const sidecar = (name: string, spec: string) =>
      object('networking.istio.io/v1', 'Sidecar', name, spec);
    expect(
      summary(
        BOOKINFO +
          sidecar('istio-system/root', '{egress: [{hosts: ["*/*"]}]}') +
          sidecar('bookinfo/ns', '{egress: [{hosts: ["*/*"]}]}') +
          sidecar(
            'bookinfo/own',
            '{workloadSelector: {labels: {app: reviews}}, egress: [{hosts: ["*/*"]}]}',
          ),
      ),
    ).toEqual([
      ['Sidecar ns', 'sidecar-not-chosen', 'spec.workloadSelector'],
      ['Sidecar root', 'sidecar-not-chosen', 'spec.workloadSelector'],
    ]);
  });

  it('policies of other pods of the namespace are not ignored: they are about others', () => {
    expect(
      summary(
        `${BOOKINFO}
---
apiVersion: v1
kind: Pod
metadata: {name: ratings-1, namespace: bookinfo, labels: {app: ratings}}
status: {phase: Running}${ap(
          'bookinfo/ratings',
          '{selector: {matchLabels: {app: ratings}}}',
        )}`,
      ),
    ).toEqual([]);
  });
});
