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

import { defaultClient } from '../membership';
import { mesh } from '../testing';
import { BOOKINFO, reviewsOf } from '../testing/bookinfo';
import {
  HOST,
  TO,
  dr,
  ignored,
  object,
  summary,
  vs,
} from './__testUtils__/ignoredMesh';
import { ignoredObjectsOfService } from './ignoredObjectsOf';

describe('why a VirtualService is ignored', () => {
  it('one that acts is not', () => {
    expect(
      summary(BOOKINFO + vs('bookinfo/a', `{hosts: [reviews], ${TO}}`)),
    ).toEqual([]);
  });

  it('the younger of two for one host', () => {
    expect(
      summary(
        BOOKINFO +
          vs('bookinfo/older', `{hosts: [reviews], ${TO}}`) +
          vs('bookinfo/younger', `{hosts: [${HOST}], ${TO}}`),
      ),
    ).toEqual([
      ['VirtualService younger', 'older-first', 'metadata.creationTimestamp'],
    ]);
  });

  it('one that is not exported to the client', () => {
    const [found] = ignored(
      BOOKINFO +
        vs('bookinfo/private', `{hosts: [reviews], exportTo: ["."], ${TO}}`),
      'shop',
    );
    expect(found).toMatchObject({
      cause: 'not-exported',
      path: 'spec.exportTo',
      remedy: 'Add shop or "*" to spec.exportTo.',
    });
  });

  it('one that the Sidecar of the client does not import', () => {
    expect(
      summary(
        BOOKINFO +
          vs('other/far', `{hosts: [${HOST}], ${TO}}`) +
          object(
            'networking.istio.io/v1',
            'Sidecar',
            'shop/default',
            '{egress: [{hosts: ["./*", "bookinfo/*"]}]}',
          ),
        'shop',
      ),
    ).toEqual([['VirtualService far', 'not-imported', 'spec.hosts']]);
  });

  it('one for a service that the client does not know at all', () => {
    expect(
      summary(
        BOOKINFO +
          vs('bookinfo/a', `{hosts: [reviews], ${TO}}`) +
          object(
            'networking.istio.io/v1',
            'Sidecar',
            'shop/default',
            '{egress: [{hosts: ["./*"]}]}',
          ),
        'shop',
      ),
    ).toEqual([['VirtualService a', 'service-out-of-scope', 'spec.hosts']]);
  });

  it('one bound to a Gateway that does not exist', () => {
    expect(
      summary(
        BOOKINFO +
          vs('bookinfo/edge', `{hosts: [${HOST}], gateways: [gone], ${TO}}`),
      ),
    ).toEqual([['VirtualService edge', 'bound-to-gateways', 'spec.gateways']]);
    expect(
      summary(
        BOOKINFO +
          vs(
            'bookinfo/edge',
            `{hosts: [reviews.example.com], gateways: [gone], ${TO}}`,
          ),
      ),
    ).toEqual([
      ['VirtualService edge', 'gateway-not-reached', 'spec.gateways'],
    ]);
  });

  it('one whose hosts no server of its Gateway has', () => {
    const [found] = ignored(
      BOOKINFO +
        object(
          'networking.istio.io/v1',
          'Gateway',
          'bookinfo/gw',
          '{selector: {istio: ingress}, servers: [{port: {number: 80, protocol: HTTP, name: http}, hosts: [a.example.com]}]}',
        ) +
        vs('bookinfo/edge', `{hosts: [b.example.com], gateways: [gw], ${TO}}`),
    );
    expect(found).toMatchObject({
      cause: 'gateway-not-reached',
      reason: expect.stringMatching(/has a host in common with b.example.com/),
    });
  });

  it('a short name in another namespace means a service of that namespace', () => {
    const [found] = ignored(
      BOOKINFO + vs('other/short', `{hosts: [reviews], ${TO}}`),
    );
    expect(found).toMatchObject({
      cause: 'host-of-other-namespace',
      path: 'spec.hosts[0]',
      reason: expect.stringMatching(/it means reviews.other.svc.cluster.local/),
      remedy: `Write ${HOST} in full.`,
    });
  });

  it('a short name in a namespace that has such a service is about that one', () => {
    expect(
      summary(
        `${BOOKINFO}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: other}
spec: {ports: [{name: http, port: 80}]}${vs(
          'other/short',
          `{hosts: [reviews], ${TO}}`,
        )}`,
      ),
    ).toEqual([]);
  });

  it('a name with a dot is not completed', () => {
    expect(
      summary(
        BOOKINFO + vs('bookinfo/half', `{hosts: [reviews.bookinfo], ${TO}}`),
      ),
    ).toEqual([['VirtualService half', 'host-not-complete', 'spec.hosts[0]']]);
  });

  it('one with http routes only, where the service has no port that is read as HTTP', () => {
    expect(
      summary(
        BOOKINFO.replace('{name: http, port: 9080}, ', '') +
          vs('bookinfo/http', `{hosts: [reviews], ${TO}}`),
      ),
    ).toEqual([['VirtualService http', 'no-active-route', 'spec.http']]);
  });

  it('one that sends to the service what is meant for a service that does not exist', () => {
    expect(
      summary(BOOKINFO + vs('bookinfo/typo', `{hosts: [reviewz], ${TO}}`)),
    ).toEqual([['VirtualService typo', 'host-of-no-service', 'spec.hosts']]);
    expect(
      summary(
        BOOKINFO +
          vs('bookinfo/outside', `{hosts: [reviews.example.com], ${TO}}`),
      ),
    ).toEqual([]);
  });

  it('one of another revision, and one of a namespace that is not discovered', () => {
    const selectors = `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: "discoverySelectors: [{matchLabels: {istio-injection: enabled}}]"`;
    expect(
      summary(
        BOOKINFO + selectors + vs('hidden/a', `{hosts: [${HOST}], ${TO}}`),
      ),
    ).toEqual([
      ['VirtualService a', 'undiscovered-namespace', 'metadata.namespace'],
    ]);
    const snapshot = mesh`${
      BOOKINFO +
      vs('bookinfo/b', `{hosts: [reviews], ${TO}}`, 'istio.io/rev: r2')
    }`;
    expect(
      ignoredObjectsOfService(snapshot, reviewsOf(snapshot), {
        ...defaultClient('bookinfo'),
        revision: 'r1',
      }),
    ).toMatchObject([{ cause: 'other-revision' }]);
  });

  it('one that is malformed is named, whatever else it does', () => {
    expect(
      summary(
        BOOKINFO +
          vs(
            'bookinfo/bad',
            `{hosts: [reviews], http: [{timeout: 3, route: [{destination: {host: ${HOST}}}]}]}`,
          ),
      ),
    ).toEqual([['VirtualService bad', 'malformed', 'spec.http[0].timeout']]);
  });
});

describe('why a route of Gateway API is ignored', () => {
  it('S69: one in a third namespace', () => {
    expect(
      summary(
        BOOKINFO +
          object(
            'gateway.networking.k8s.io/v1',
            'HTTPRoute',
            'third/route',
            '{parentRefs: [{group: "", kind: Service, name: reviews, namespace: bookinfo}], rules: [{backendRefs: [{name: reviews, namespace: bookinfo, port: 9080}]}]}',
          ),
      ),
    ).toEqual([['HTTPRoute route', 'third-namespace', 'metadata.namespace']]);
  });
});

describe('why a route of Gateway API to the service is ignored', () => {
  it('one whose parent does not exist', () => {
    expect(
      summary(
        `${BOOKINFO}${object(
          'gateway.networking.k8s.io/v1',
          'HTTPRoute',
          'bookinfo/route',
          '{parentRefs: [{group: "", kind: Service, name: reviewz}], rules: [{backendRefs: [{name: reviews, port: 9080}]}]}',
        )}`,
      ),
    ).toEqual([
      ['HTTPRoute route', 'host-of-no-service', 'spec.parentRefs[0]'],
    ]);
  });
});

describe('why a DestinationRule is ignored', () => {
  it('one of a third namespace is never looked up', () => {
    expect(summary(BOOKINFO + dr('third/a', `{host: ${HOST}}`))).toEqual([
      ['DestinationRule a', 'not-looked-up', 'metadata.namespace'],
    ]);
  });

  it('S96: that of the service, where the client has one of its own, be it a wildcard', () => {
    expect(
      summary(
        BOOKINFO +
          dr(
            'shop/wild',
            '{host: "*.local", trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}}}}',
          ) +
          dr(
            'bookinfo/own',
            '{host: reviews, subsets: [{name: v1, labels: {version: v1}}]}',
          ),
        'shop',
      ),
    ).toEqual([['DestinationRule own', 'lookup-lost', 'spec.host']]);
  });

  it('one whose host no service has', () => {
    expect(summary(BOOKINFO + dr('other/a', '{host: reviews}'))).toEqual([
      ['DestinationRule a', 'host-of-other-namespace', 'spec.host'],
    ]);
  });

  it('one whose workloadSelector the client does not match', () => {
    expect(
      summary(
        BOOKINFO +
          dr(
            'bookinfo/a',
            '{host: reviews, workloadSelector: {matchLabels: {app: reviews, version: v1}}}',
          ),
      ),
    ).toEqual([
      ['DestinationRule a', 'client-not-selected', 'spec.workloadSelector'],
    ]);
  });
});

describe('why a ServiceEntry is ignored', () => {
  it('S123: one with the host of a Kubernetes Service', () => {
    expect(
      summary(
        `${BOOKINFO}${object(
          'networking.istio.io/v1',
          'ServiceEntry',
          'third/copy',
          `{hosts: [${HOST}], ports: [{number: 9080, name: http, protocol: HTTP}], resolution: STATIC}`,
        )}`,
      ),
    ).toEqual([['ServiceEntry copy', 'same-host-service', 'spec.hosts']]);
  });
});

describe('why an object that names a ServiceEntry is ignored', () => {
  it('a DestinationRule of a third namespace, and the younger of two VirtualServices', () => {
    const snapshot = mesh`${[
      object(
        'networking.istio.io/v1',
        'ServiceEntry',
        'shop/bank',
        '{hosts: [bank.example.com], ports: [{number: 443, name: https, protocol: HTTPS}, {number: 80, name: http, protocol: HTTP}], resolution: DNS}',
      ),
      vs(
        'shop/older',
        '{hosts: [bank.example.com], http: [{route: [{destination: {host: bank.example.com}}]}]}',
      ),
      vs(
        'shop/younger',
        '{hosts: [bank.example.com], http: [{route: [{destination: {host: bank.example.com}}]}]}',
      ),
      dr('third/a', '{host: bank.example.com}'),
    ].join('')}`;
    const entry = snapshot.list('ServiceEntry')[0];
    expect(
      ignoredObjectsOfService(snapshot, entry).map(
        ({ object: { name }, cause }) => [name, cause],
      ),
    ).toEqual([
      ['younger', 'older-first'],
      ['a', 'not-looked-up'],
    ]);
  });
});
