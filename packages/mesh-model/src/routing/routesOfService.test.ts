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

import { mesh } from '../testing';
import { routeRequest } from '.';
import {
  FROM_SHOP,
  service,
  virtualService,
  to,
  port80,
  hostsOf,
} from './__testUtils__/shop';

describe('who owns the host', () => {
  it('S67: of two VirtualServices for one host the older acts and the newer is named with the reason', () => {
    const port = port80(mesh`${service('reviews', 'shop')}${service(
      'old',
      'shop',
    )}${service('new', 'shop')}
${virtualService(
  'newer',
  'shop',
  `{hosts: [reviews], http: [{${to('new')}}]}`,
  '2024-02-01T00:00:00Z',
)}
${virtualService(
  'older',
  'shop',
  `{hosts: [reviews], http: [{${to('old')}}]}`,
)}`);
    expect(hostsOf(port)).toEqual([['old']]);
    expect(port.owner?.object.name).toBe('older');
    expect(port.losers).toEqual([
      expect.objectContaining({
        object: expect.objectContaining({ name: 'newer' }),
        says: expect.stringContaining('comes first for this host'),
      }),
    ]);
  });

  it('S69: a VirtualService of any namespace applies', () => {
    const port = port80(mesh`${service('reviews', 'shop')}${service(
      'b',
      'third',
    )}
${virtualService(
  'vs',
  'third',
  `{hosts: [reviews.shop.svc.cluster.local], http: [{${to('b')}}]}`,
)}`);
    expect(hostsOf(port)).toEqual([['b']]);
  });

  it('S70: an explicit host wins over an older wildcard, which keeps the other services', () => {
    const snapshot = mesh`${service('reviews', 'shop')}${service(
      'ratings',
      'shop',
    )}${service('wild', 'shop')}${service('own', 'shop')}
${virtualService(
  'wildcard',
  'shop',
  `{hosts: ["*.shop.svc.cluster.local"], http: [{${to('wild')}}]}`,
  '2023-01-01T00:00:00Z',
)}
${virtualService(
  'explicit',
  'shop',
  `{hosts: [reviews], http: [{${to('own')}}]}`,
)}`;
    expect(hostsOf(port80(snapshot))).toEqual([['own']]);
    expect(hostsOf(port80(snapshot, FROM_SHOP, 'ratings'))).toEqual([['wild']]);
    expect(port80(snapshot).losers[0]).toMatchObject({
      object: { name: 'wildcard' },
      path: 'spec.hosts',
      says: 'VirtualService shop/explicit names the host more specifically',
    });
  });

  it('R5.8: of two wildcards the longer acts, whichever is older', () => {
    const port = port80(mesh`${service('reviews', 'shop')}${service(
      'a',
      'shop',
    )}${service('b', 'shop')}
${virtualService(
  'short',
  'shop',
  `{hosts: ["*.cluster.local"], http: [{${to('a')}}]}`,
  '2023-01-01T00:00:00Z',
)}
${virtualService(
  'long',
  'shop',
  `{hosts: ["*.shop.svc.cluster.local"], http: [{${to('b')}}]}`,
)}`);
    expect(hostsOf(port)).toEqual([['b']]);
    expect(port.losers).toEqual([
      expect.objectContaining({
        path: 'spec.hosts',
        says: 'VirtualService shop/long names the host more specifically',
      }),
    ]);
  });

  it('R5.8: of two with the same wildcard only the first counts, also when it has no route for the client', () => {
    const port = port80(mesh`${service('reviews', 'shop')}${service(
      'a',
      'shop',
    )}
${virtualService(
  'first',
  'shop',
  `{hosts: ["*.shop.svc.cluster.local"], http: [{match: [{sourceNamespace: other}], ${to(
    'a',
  )}}]}`,
  '2023-01-01T00:00:00Z',
)}
${virtualService(
  'second',
  'shop',
  `{hosts: ["*.shop.svc.cluster.local"], http: [{${to('a')}}]}`,
)}`);
    expect(hostsOf(port)).toEqual([['reviews']]);
    expect(
      port.losers.find(({ object }) => object.name === 'second'),
    ).toMatchObject({
      path: 'metadata.creationTimestamp',
      says: expect.stringMatching(
        /^VirtualService shop\/first comes first for this host .*, and has no route for this client\./,
      ),
    });
  });

  it('S77: a VirtualService that is not exported to the client is a loser and the default route acts', () => {
    const port = port80(mesh`${service('reviews', 'shop')}${service(
      'b',
      'other',
    )}
${virtualService(
  'private',
  'other',
  `{hosts: [reviews.shop.svc.cluster.local], exportTo: ["."], http: [{${to(
    'b',
  )}}]}`,
)}`);
    expect(port.owner).toBeUndefined();
    expect(hostsOf(port)).toEqual([['reviews']]);
    expect(port.losers[0]).toMatchObject({
      path: 'spec.exportTo',
      says: "It is not exported to the client's namespace shop",
    });
  });

  it('S78: a private one of the client beats an older public one', () => {
    const port = port80(mesh`${service('reviews', 'shop')}${service(
      'a',
      'shop',
    )}${service('b', 'other')}
${virtualService(
  'public',
  'other',
  `{hosts: [reviews.shop.svc.cluster.local], http: [{${to('b')}}]}`,
  '2020-01-01T00:00:00Z',
)}
${virtualService(
  'private',
  'shop',
  `{hosts: [reviews], exportTo: ["."], http: [{${to('a')}}]}`,
)}`);
    expect(hostsOf(port)).toEqual([['a']]);
  });

  it('R5.2: one that is bound to a gateway only does not act inside the mesh', () => {
    const port = port80(mesh`${service('reviews', 'shop')}
${virtualService(
  'edge',
  'shop',
  `{hosts: [reviews], gateways: [istio-system/gw], http: [{${to('reviews')}}]}`,
)}`);
    expect(port.owner).toBeUndefined();
    expect(port.losers[0]).toMatchObject({ path: 'spec.gateways' });
  });

  it('S84: one whose matches all concern others leaves the host to the next', () => {
    const port = port80(mesh`${service('reviews', 'shop')}${service(
      'a',
      'shop',
    )}${service('b', 'shop')}
${virtualService(
  'for-canary',
  'shop',
  `{hosts: [reviews], http: [{match: [{sourceLabels: {app: canary}}], ${to(
    'a',
  )}}]}`,
  '2020-01-01T00:00:00Z',
)}
${virtualService(
  'for-all',
  'shop',
  `{hosts: [reviews], http: [{${to('b')}}]}`,
)}`);
    expect(hostsOf(port)).toEqual([['b']]);
    expect(port.losers[0].says).toContain('None of its matches concerns');
  });

  it('S86: one with tcp routes only leaves the default route on an HTTP port', () => {
    const port = port80(mesh`${service('reviews', 'shop')}
${virtualService(
  'tcp',
  'shop',
  `{hosts: [reviews], tcp: [{${to('other')}}]}`,
)}`);
    expect(port.rules[0].origin).toBe('default');
    expect(port.losers[0].path).toBe('spec.http');
  });
});

describe('rules', () => {
  it('S82: what follows a rule without a match is unreachable', () => {
    const port = port80(mesh`${service('reviews', 'shop')}
${virtualService(
  'vs',
  'shop',
  `{hosts: [reviews], http: [{${to(
    'reviews',
  )}}, {match: [{uri: {prefix: /a}}], ${to('reviews')}}]}`,
)}`);
    expect(port.rules.map(rule => rule.state)).toEqual([
      'active',
      'unreachable',
    ]);
    expect(port.otherwise).toBeUndefined();
  });

  it('S83: gateways in a match make sourceLabels count for nothing', () => {
    const port = port80(mesh`${service('reviews', 'shop')}
${virtualService(
  'vs',
  'shop',
  `{hosts: [reviews], http: [{match: [{gateways: [mesh], sourceLabels: {app: canary}}], ${to(
    'reviews',
  )}}]}`,
)}`);
    expect(port.rules[0].matches[0].words).toBe('through mesh');
  });

  it('S88: weights are normalised, zero is out, a single destination takes all', () => {
    const port = port80(mesh`${service('reviews', 'shop')}
${virtualService(
  'vs',
  'shop',
  `{hosts: [reviews], http: [{match: [{uri: {prefix: /a}}], route: [{destination: {host: reviews}, weight: 90}, {destination: {host: reviews}, weight: 30}, {destination: {host: reviews}, weight: 0}]}, {route: [{destination: {host: reviews}, weight: 0}]}]}`,
)}`);
    expect(
      port.rules.map(rule => rule.destinations.map(item => item.percent)),
    ).toEqual([[75, 25], [100]]);
  });

  it('S89: without configuration two retries and no timeout; attempts 0 switches retries off', () => {
    const plain = port80(mesh`${service('reviews', 'shop')}`).rules[0];
    expect(plain.retries).toMatchObject({
      value: { attempts: 2 },
      origin: 'default',
    });
    expect(plain.timeout.value).toBeUndefined();
    const off = port80(mesh`${service('reviews', 'shop')}
${virtualService(
  'vs',
  'shop',
  `{hosts: [reviews], http: [{retries: {attempts: 0}, timeout: 3s, ${to(
    'reviews',
  )}}]}`,
)}`).rules[0];
    expect(off.retries.value.attempts).toBe(0);
    expect(off.timeout).toMatchObject({
      value: '3s',
      provenance: { path: 'spec.http[0].timeout' },
    });
  });

  it('S91: a fault without a percentage injects nothing', () => {
    const fault = (percentage: string) =>
      port80(mesh`${service('reviews', 'shop')}
${virtualService(
  'vs',
  'shop',
  `{hosts: [reviews], http: [{fault: {abort: {httpStatus: 503${percentage}}}, ${to(
    'reviews',
  )}}]}`,
)}`).rules[0].fault;
    expect(fault('')).toBeUndefined();
    expect(fault(', percentage: {value: 0}')).toBeUndefined();
    expect(fault(', percentage: {value: 10}')).toMatchObject({
      abort: { status: '503', percent: 10 },
    });
  });

  it('S87: a subset without a DestinationRule in effect is 503 NC', () => {
    const snapshot = mesh`${service('reviews', 'shop')}
${virtualService(
  'vs',
  'shop',
  `{hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v2}}]}]}`,
)}`;
    expect(port80(snapshot).rules[0].destinations[0].state).toBe(
      'unknown-subset',
    );
    expect(
      routeRequest(snapshot, FROM_SHOP, {
        port: 80,
        protocol: 'http',
        authority: 'reviews',
      }),
    ).toMatchObject({ code: 503, flag: 'NC' });
  });

  it('R6.9: a subset that selects no pod is 503 UH, and the pods of one that does are counted', () => {
    const snapshot = mesh`${service('reviews', 'shop')}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
---
${virtualService(
  'vs',
  'shop',
  `{hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}, weight: 90}, {destination: {host: reviews, subset: v2}, weight: 10}]}]}`,
)}`;
    const [one, two] = port80(snapshot).rules[0].destinations;
    expect(one).toMatchObject({
      state: 'ok',
      readyEndpoints: 1,
      totalEndpoints: 1,
    });
    expect(two).toMatchObject({ state: 'no-endpoints', totalEndpoints: 0 });
    expect(two.says).toContain('503 UH');
  });
});

describe('delegates', () => {
  it('S79: a delegate that is not exported to the root drops that route and no other', () => {
    const port = port80(mesh`${service('reviews', 'shop')}
${virtualService('leaf', 'team', `{exportTo: ["."], http: [{${to('x')}}]}`)}
${virtualService(
  'root',
  'shop',
  `{hosts: [reviews], http: [{match: [{uri: {prefix: /team}}], delegate: {name: leaf, namespace: team}}, {${to(
    'reviews',
  )}}]}`,
)}`);
    expect(port.rules).toHaveLength(1);
    expect(port.losers[0]).toMatchObject({
      path: 'spec.http[0].delegate',
      says: 'Delegate team/leaf is not exported to namespace shop',
    });
  });

  it('S80: a delegate outside its root is dropped, one inside keeps its own match', () => {
    const port = port80(mesh`${service('reviews', 'shop')}
${virtualService(
  'leaf',
  'shop',
  `{http: [{match: [{uri: {exact: /b}}], ${to(
    'reviews',
  )}}, {match: [{uri: {prefix: /a/b}}], ${to('reviews')}}]}`,
)}
${virtualService(
  'root',
  'shop',
  `{hosts: [reviews], http: [{match: [{uri: {prefix: /a}}], delegate: {name: leaf}}]}`,
)}`);
    expect(port.rules.map(rule => rule.matches[0].words)).toEqual([
      'path starts with /a/b',
    ]);
    expect(port.rules[0].provenance?.says).toContain('Delegated by shop/root');
  });
});
