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

import { brokenDependencies, httpEdge } from '../../testing/fixtures';
import { graphModel, MAX_NEIGHBOURS } from './graphModel';

const callers = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    httpEdge(
      'inbound',
      { kind: 'workload', title: `shop/client-${index}` },
      { requestsPerSecond: count - index },
    ),
  );

describe('picture of the dependencies', () => {
  it('has callers on one side and what is called on the other', () => {
    const { callers: left, callees: right } = graphModel(
      brokenDependencies.edges,
    );
    expect(left.shown.map(({ edge }) => edge.neighbour.title)).toEqual([
      'analytics/review-miner',
      'analytics/reports',
      'bookinfo/productpage-v1',
      'gateway istio-system/istio-ingressgateway',
      'unknown',
      'bookinfo/batch',
    ]);
    expect(right.shown.map(({ edge }) => edge.neighbour.title)).toEqual([
      'bookinfo/ratings',
      'bookinfo/reviews-db',
      'unknown external',
    ]);
  });

  it('draws lines in proportion to the rate, requests and connections apart', () => {
    const [busy, half] = graphModel(callers(2)).callers.shown;
    expect(busy.width - 1.5).toBeCloseTo(2 * (half.width - 1.5), 9);
    const { shown } = graphModel(brokenDependencies.edges).callees;
    const database = shown.find(({ edge }) => edge.protocol === 'tcp');
    expect(database?.width).toBe(9);
  });

  it('looks different where calls fail, and where nothing flows', () => {
    const all = graphModel(brokenDependencies.edges);
    const looks = [...all.callers.shown, ...all.callees.shown].map(
      ({ edge, look }) => [edge.neighbour.title, look],
    );
    expect(Object.fromEntries(looks)).toMatchObject({
      'bookinfo/ratings': 'failing',
      'analytics/review-miner': 'failing',
      'analytics/reports': 'failing',
      'bookinfo/productpage-v1': 'fine',
      'bookinfo/batch': 'quiet',
    });
  });

  it('leaves the rest to the table', () => {
    const { callers: left } = graphModel(callers(30));
    expect(left.shown).toHaveLength(MAX_NEIGHBOURS);
    expect(left.more).toBe(30 - MAX_NEIGHBOURS);
    expect(graphModel(callers(3)).callers.more).toBe(0);
  });

  it('says rate, errors and encryption, and nothing where it is not known', () => {
    const labels = graphModel(brokenDependencies.edges);
    const of = (title: string) =>
      [...labels.callers.shown, ...labels.callees.shown].find(
        ({ edge }) => edge.neighbour.title === title,
      )?.label;
    expect(of('analytics/review-miner')).toBe('8/s · 5 % errors · mTLS 100 %');
    // What never arrived counts too: (0.69 + 1) of (6.9 + 1).
    expect(of('bookinfo/ratings')).toBe('6.9/s · 21.4 % errors · mTLS 100 %');
    expect(of('gateway istio-system/istio-ingressgateway')).toBe(
      '4/s · 0 % errors',
    );
    expect(of('analytics/reports')).toBe(
      '1/s · 0 % errors · 100 % refused · mTLS 100 %',
    );
    expect(of('bookinfo/reviews-db')).toBe('0.4 connections/s · mTLS 100 %');
    expect(of('bookinfo/batch')).toMatch(/^gone: last seen /);
  });
});
