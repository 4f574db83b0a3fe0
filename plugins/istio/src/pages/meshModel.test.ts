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

import { meshService } from '../testing/fixtures';
import { choicesOf, filterServices, readMeshFilters } from './meshFilters';
import { readMeshOrder, sortServices, writeMeshOrder } from './meshOrder';

const services = [
  meshService(1, { requestsPerSecond: 5, share5xx: 0.5 }),
  meshService(2, { requestsPerSecond: undefined, share5xx: undefined }),
  meshService(3, { requestsPerSecond: 9, share5xx: 0.1, owner: undefined }),
];

const numbersOf = (list: typeof services) =>
  list.map(({ service }) => Number(service.name.split('-')[1]));

describe('filters', () => {
  it('reads the address and ignores what it does not know', () => {
    expect(
      readMeshFilters(new URLSearchParams('q=a&state=fail&owner=&namespace=n')),
    ).toEqual({
      text: 'a',
      state: 'fail',
      owner: undefined,
      namespace: 'n',
      cluster: undefined,
    });
    expect(
      readMeshFilters(new URLSearchParams('state=red')).state,
    ).toBeUndefined();
  });

  it('finds by words in any order and case', () => {
    expect(
      numbersOf(filterServices(services, { text: 'TEAM-2 service' })),
    ).toEqual([2]);
    expect(filterServices(services, { text: 'nothing' })).toEqual([]);
  });

  it('narrows by cluster, namespace, owner and state', () => {
    expect(numbersOf(filterServices(services, { cluster: 'west' }))).toEqual([
      3,
    ]);
    expect(
      numbersOf(filterServices(services, { namespace: 'team-1' })),
    ).toEqual([1]);
    expect(numbersOf(filterServices(services, { owner: 'none' }))).toEqual([3]);
    expect(
      filterServices(services, { state: services[0].state }).every(
        ({ state }) => state === services[0].state,
      ),
    ).toBe(true);
  });

  it('offers what there is, with counts', () => {
    const choices = choicesOf(services);
    expect(choices.clusters).toEqual(['east', 'west']);
    expect(choices.owners).toContain('none');
    expect([...choices.states.values()].reduce((a, b) => a + b)).toBe(3);
  });
});

describe('order', () => {
  it('survives the address', () => {
    for (const text of ['rate', '-rate', 'service', '-state']) {
      expect(
        writeMeshOrder(readMeshOrder(new URLSearchParams({ sort: text }))),
      ).toBe(text);
    }
    expect(
      writeMeshOrder(readMeshOrder(new URLSearchParams('sort=nonsense'))),
    ).toBeUndefined();
  });

  it('keeps the order of the back end by default', () => {
    expect(sortServices(services, { column: 'state', reversed: false })).toBe(
      services,
    );
  });

  it('puts what is not known last in both directions', () => {
    expect(
      numbersOf(sortServices(services, { column: 'rate', reversed: false })),
    ).toEqual([3, 1, 2]);
    expect(
      numbersOf(sortServices(services, { column: 'rate', reversed: true })),
    ).toEqual([1, 3, 2]);
    expect(
      numbersOf(sortServices(services, { column: 'errors', reversed: false })),
    ).toEqual([1, 3, 2]);
  });

  it('sorts by burn, the fastest first, what burns unknown last', () => {
    const burning = (number: number, burn: number | undefined) =>
      meshService(number, {
        slo: { state: 'ok', origin: 'default', reason: '', burn },
      });
    const list = [burning(1, 0.2), burning(2, undefined), burning(3, 21)];
    expect(
      numbersOf(sortServices(list, { column: 'slo', reversed: false })),
    ).toEqual([3, 1, 2]);
    expect(
      numbersOf(sortServices(list, { column: 'slo', reversed: true })),
    ).toEqual([1, 3, 2]);
  });
});
