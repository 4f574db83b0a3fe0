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

import type { SignalsService } from '@mesh-portal/backstage-plugin-istio-common';
import {
  brokenAuthorization,
  brokenMtls,
  calmSignals,
} from '../testing/fixtures';
import { callersInOrder, stateOfCaller } from './callerOrder';
import { groupPaths } from './mtlsPathGroups';
import { plaintextCallers } from './plaintextCallers';
import { saturationSentence } from './saturationSentence';
import { tileColumns } from './SignalTileGrid';
import { signalTiles } from './signalTiles';

const [callerRefused, callerUnknown] = brokenAuthorization.workloads[0].callers;

describe('callers', () => {
  it('puts the refused first', () => {
    expect(callersInOrder([callerUnknown, callerRefused])).toEqual([
      callerRefused,
      callerUnknown,
    ]);
  });

  it('is a problem only where someone who calls is refused', () => {
    expect(stateOfCaller(callerRefused)).toBe('fail');
    expect(stateOfCaller({ ...callerRefused, observed: undefined })).toBe(
      'not-applicable',
    );
    expect(stateOfCaller(callerUnknown)).toBe('unknown');
    expect(stateOfCaller({ ...callerRefused, decision: 'depends' })).toBe(
      'not-applicable',
    );
    expect(stateOfCaller({ ...callerRefused, decision: 'allow' })).toBe('pass');
  });
});

describe('mTLS paths', () => {
  it('groups clients that send and end alike, worst first', () => {
    const { paths } = brokenMtls.services[0].ports[0];
    const [broken, encrypted] = groupPaths([paths[1], paths[0], paths[1]]);
    expect(broken).toMatchObject({ sends: 'plaintext', outcome: 'broken' });
    expect(encrypted.paths).toHaveLength(2);
  });

  it('names who sends plaintext, busiest first, three at most', () => {
    const caller = (workload: string, requestsPerSecond: number) => ({
      namespace: 'shop',
      workload,
      requestsPerSecond,
      mutualTlsShare: 0,
    });
    expect(
      plaintextCallers([
        caller('a', 1),
        caller('b', 4),
        caller('unknown', 3),
        caller('c', 2),
        { ...caller('encrypted', 9), mutualTlsShare: 1 },
        { ...caller('unmeasured', 9), mutualTlsShare: undefined },
      ]),
    ).toEqual(['shop/b', 'a caller without proxy', 'shop/c', '1 more']);
  });
});

describe('signal tiles', () => {
  const [service] = calmSignals.services;

  it('leaves gRPC out where there is none', () => {
    expect(signalTiles(service).map(({ title }) => title)).toEqual([
      'Requests',
      '5xx',
      '4xx',
      'Latency p95',
      'Response bytes',
    ]);
  });

  it('has no tile where nothing is measured', () => {
    expect(signalTiles({ ...service, layer: 'none' })).toEqual([]);
  });

  it('does not invent numbers', () => {
    const values = signalTiles({ ...service, current: {} }).map(
      ({ value }) => value,
    );
    expect(new Set(values)).toEqual(new Set(['–']));
  });
});

describe('the tile of gRPC faults', () => {
  const titles = (
    current: SignalsService['current'],
    previous?: SignalsService['previous'],
  ) =>
    signalTiles({ ...calmSignals.services[0], current, previous }).map(
      ({ title }) => title,
    );

  it('is there only where gRPC was seen, now or the hour before', () => {
    expect(titles({ grpcRequestsPerSecond: 0 })).not.toContain('gRPC faults');
    expect(titles({})).not.toContain('gRPC faults');
    expect(titles({ grpcRequestsPerSecond: 2 })).toContain('gRPC faults');
    expect(
      titles({ grpcRequestsPerSecond: 0 }, { grpcRequestsPerSecond: 2 }),
    ).toContain('gRPC faults');
  });
});

describe('columns of the tiles', () => {
  it.each([
    [5, 3, 704],
    [6, 3, 848],
    [4, 2, 560],
  ])('%d tiles are rows of %d below %d px', (count, half, oneRow) => {
    expect(tileColumns(count)).toBe(
      `repeat(auto-fit, minmax(max(128px, min((100% - ${
        (half - 1) * 16
      }px) / ${half}, (${oneRow}px - 100%) * 9999)), 1fr))`,
    );
  });
});

describe('saturation', () => {
  const container = (
    shares: Pick<
      SignalsService['saturation']['containers'][number],
      'cpuOfLimit' | 'throttledShare'
    >,
  ) => ({
    ...calmSignals.services[0].saturation.containers[0],
    container: 'app',
    pod: 'app-1',
    cpuOfLimit: undefined,
    memoryOfLimit: undefined,
    ...shares,
  });

  it('names the fullest container of each resource', () => {
    expect(saturationSentence(calmSignals.services[0].saturation)).toBe(
      'Fullest: CPU 42 % of the limit (reviews in reviews-v1-5b6c); memory 61 % of the limit (reviews in reviews-v1-5b6c).',
    );
  });

  it('says nothing without container metrics, and says so without limits', () => {
    expect(
      saturationSentence({ state: 'unavailable', containers: [] }),
    ).toBeUndefined();
    expect(
      saturationSentence({ state: 'available', containers: [] }),
    ).toBeUndefined();
    expect(
      saturationSentence({
        state: 'available',
        containers: [container({ throttledShare: 0.05 })],
      }),
    ).toBe(
      'Saturation is not known: no container has a known CPU or memory limit.',
    );
  });

  it('names throttling only where it is felt', () => {
    expect(
      saturationSentence({
        state: 'available',
        containers: [
          container({ cpuOfLimit: 0.9, throttledShare: 0.3 }),
          container({ cpuOfLimit: 0.4, throttledShare: 0.02 }),
        ],
      }),
    ).toBe(
      'Fullest: CPU 90 % of the limit (app in app-1). CPU throttled 30 % of the time (app in app-1).',
    );
  });
});
