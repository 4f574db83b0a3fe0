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

import { istioObject } from '../../__testUtils__/bookinfo';
import type { CachedResult } from '../../prometheus';
import {
  AT,
  answer,
  calls,
  cluster,
  ends,
  inputOf,
  nothingKnown,
  queries,
  request,
  seen,
  synced,
  view,
} from './__testUtils__/scene';
import { dependenciesView } from './dependenciesView';

describe('the view of dependencies', () => {
  it('names callers with the entity and owner that the user may see', () => {
    const owned = {
      entityRef: 'component:default/productpage',
      owner: 'group:default/books',
    };
    const [edge] = view(
      { callers: seen({}, 10) },
      {
        ...nothingKnown,
        workloads: new Map([
          ['demo', new Map([['bookinfo/productpage-v1', owned]])],
        ]),
      },
    ).edges;
    expect(edge).toMatchObject({
      direction: 'inbound',
      own: ['bookinfo/reviews'],
      neighbour: {
        kind: 'workload',
        title: 'bookinfo/productpage-v1',
        ...owned,
      },
      declared: 'undeclared',
    });
    const [plain] = view({ callers: seen({}, 10) }).edges;
    expect(plain.neighbour.entityRef).toBeUndefined();
    expect(plain.declared).toBe('not-declarable');
  });

  it('names what is no service as what it is', () => {
    const outside = (name: string) =>
      seen(
        calls({
          reporter: 'source',
          destination_service: name,
          destination_service_name: name,
          destination_service_namespace: 'unknown',
          destination_cluster: 'unknown',
        }),
        1,
      );
    const { edges } = view({
      callers: seen({ source_workload: 'unknown' }, 2),
      callees: [
        ...outside('PassthroughCluster'),
        ...outside('BlackHoleCluster'),
      ],
    });
    expect(
      edges.map(({ neighbour }) => [neighbour.kind, neighbour.title]).sort(),
    ).toEqual([
      ['refused-by-registry', 'hosts outside the registry'],
      ['unknown-caller', 'unknown'],
      ['unknown-external', 'unknown external'],
    ]);
  });

  it('counts only the entity’s own pairs of namespace and name', () => {
    const { edges } = view({
      callers: [
        ...seen({}, 1),
        ...seen({ destination_service_namespace: 'other' }, 9),
      ],
    });
    expect(edges.map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([
      1,
    ]);
  });

  it('says what the configuration makes of the way: STRICT encrypts, and a policy denies', () => {
    const denyAll = istioObject(
      'security',
      'AuthorizationPolicy',
      'nobody',
      {},
    );
    const [edge] = view({ callers: seen({}, 1), extra: [denyAll] }).edges;
    expect(edge.configured?.transport?.outcome).toBe('encrypted');
    expect(edge.configured?.authorization?.decision).toBe('deny');
    expect(
      edge.configured?.authorization?.facts.map(({ object }) => object.name),
    ).toContain('nobody');
    const [unknown] = view({
      callers: seen({ source_workload: 'unknown' }, 1),
    }).edges;
    expect(unknown.configured?.transport?.outcome).toBe('broken');
    expect(unknown.configured?.authorization).toBeUndefined();
  });

  it('says unknown of the configuration where a kind may not be read', () => {
    const message = 'cannot list peerauthentications: forbidden';
    const [edge] = view({
      callers: seen({}, 1),
      status: {
        ...synced,
        missingKinds: [
          { kind: 'PeerAuthentication', reason: 'forbidden', message },
        ],
      },
    }).edges;
    expect(edge.configured).toEqual({
      transport: { outcome: 'unknown', reason: message, facts: [] },
    });
  });

  it('puts what fails first, then what is most', () => {
    const from = (workload: string, value: number, more = {}) =>
      seen({ source_workload: workload, ...more }, value);
    const { edges, verdict } = view({
      callers: [
        ...from('quiet', 1),
        ...from('busy', 50),
        ...from('failing', 2, { response_code: '500' }),
        ...from('refused', 3, { response_code: '403' }),
      ],
    });
    expect(edges.map(({ neighbour }) => neighbour.name)).toEqual([
      'refused',
      'failing',
      'busy',
      'quiet',
    ]);
    expect(verdict).toMatchObject({
      state: 'fail',
      reason:
        '100 % of the requests of bookinfo/refused are refused with 403; 1 more edge fails, in the last 1h',
    });
  });

  it('is fine only where requests were seen and none is uncertain', () => {
    const callers = seen({}, 5);
    expect(view({ callers }).verdict).toMatchObject({
      state: 'pass',
      reason: 'No request from or to a neighbour failed in the last 1h',
    });
    const stale = 'Callers: as of 10:00: prometheus: unreachable';
    const partial = view({ callers, problems: [stale] });
    expect(partial.verdict).toMatchObject({ state: 'unknown', reason: stale });
    expect(partial.catalog).toMatchObject({ state: 'unknown', reason: stale });
    expect(view({ callers: seen({}, 0.001) }).verdict.state).toBe('unknown');
  });

  it('tells idle, gone and never apart', () => {
    expect(view({ callers: seen({}, 0) }).state).toBe('idle');
    expect(view({ callers: [[request, 5]] }).state).toBe('gone');
    const gone = view({
      callers: [[{ ...ends, part: 'seen' }, AT - 1800]],
    }).edges[0];
    expect(gone).toMatchObject({
      state: 'gone',
      lastSeen: new Date((AT - 1800) * 1000).toISOString(),
    });
    expect(gone.requestsPerSecond).toBeUndefined();
    expect(view({})).toMatchObject({
      state: 'never',
      edges: [],
      verdict: { state: 'unknown' },
    });
  });

  it('is unknown where metrics could not be asked: no zeros', () => {
    const input = cluster({});
    const reason =
      'Callers could not be read: prometheus: the query took too long';
    const made = dependenciesView(
      inputOf({
        ...input,
        observation: {
          state: 'unavailable',
          problems: [reason],
          edges: { queries, callers: undefined, callees: undefined },
        },
      }),
      '1h',
      nothingKnown,
    );
    expect(made).toMatchObject({
      state: 'unknown',
      stateReason: reason,
      edges: [],
      verdict: { state: 'unknown' },
      catalog: { state: 'unknown' },
    });
  });

  it('claims nothing of a direction that could not be asked', () => {
    const input = cluster({
      callees: seen(
        calls({
          destination_service: 'productpage.bookinfo.svc.cluster.local',
          destination_service_name: 'productpage',
        }),
        1,
      ),
    });
    const reason =
      'Callers could not be read: prometheus: the query took too long';
    const without = (callees: CachedResult | undefined) =>
      dependenciesView(
        inputOf({
          ...input,
          observation: {
            state: 'partial',
            problems: [reason],
            edges: { queries, callers: undefined, callees },
          },
        }),
        '1h',
        nothingKnown,
      );
    const known = without(input.observation.edges?.callees);
    expect(known).toMatchObject({
      state: 'traffic',
      unknownDirections: ['inbound'],
      verdict: { state: 'unknown', reason },
      catalog: { state: 'unknown', reason },
    });
    // Nothing is called, as far as is known: that is not “never”.
    expect(without(answer())).toMatchObject({
      state: 'unknown',
      stateReason: reason,
      unknownDirections: ['inbound'],
    });
    expect(view({ callers: seen({}, 1) }).unknownDirections).toEqual([]);
  });

  it('doubts that an unknown caller is another than one that only reports itself', () => {
    const { edges } = view({
      callers: [
        ...seen({ source_workload: 'unknown' }, 3),
        ...seen({ source_workload: 'web', reporter: 'source' }, 3),
      ],
    });
    const unknown = edges.find(
      ({ neighbour }) => neighbour.kind === 'unknown-caller',
    );
    expect(unknown?.neighbour.note).toContain('bookinfo/web');
  });

  it('folds the answer of a source that two clusters share once', () => {
    const first = cluster({ callers: seen({}, 5) });
    const second = cluster({ callers: seen({}, 5), name: 'west' });
    const { edges } = dependenciesView(
      inputOf(first, second),
      '1h',
      nothingKnown,
    );
    expect(edges.map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([
      5,
    ]);
  });

  it('finds the entity of a caller in another cluster only where there is one', () => {
    const remote = seen({ source_cluster: 'west', source_workload: 'far' }, 1);
    const elsewhere = (...refs: string[]) => ({
      ...nothingKnown,
      workloads: new Map(
        refs.map((entityRef, index) => [
          `cluster-${index}`,
          new Map([['bookinfo/far', { entityRef }]]),
        ]),
      ),
    });
    const neighbourOf = (...refs: string[]) =>
      view({ callers: remote }, elsewhere(...refs)).edges[0].neighbour;
    expect(neighbourOf('component:default/far').entityRef).toBe(
      'component:default/far',
    );
    expect(
      neighbourOf('component:default/far', 'component:default/other').entityRef,
    ).toBeUndefined();
  });

  it('lists at most 200 neighbours, and says how many more there are', () => {
    const many = Array.from({ length: 230 }, (_, index) =>
      seen({ source_workload: `client-${index}` }, 230 - index),
    ).flat();
    const { edges, omitted } = view({ callers: many });
    expect(edges).toHaveLength(200);
    expect(omitted).toBe(30);
  });
});
