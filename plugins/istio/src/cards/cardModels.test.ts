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

import {
  brokenAuthorization,
  brokenMtls,
  calmSignals,
} from '../testing/fixtures';
import { callersInOrder, stateOfCaller } from './callerOrder';
import { groupPaths } from './mtlsPathGroups';
import { plaintextCallers } from './plaintextCallers';
import { saturationSentence } from './saturationSentence';
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

describe('saturation', () => {
  it('names the fullest container of each resource', () => {
    expect(saturationSentence(calmSignals.services[0].saturation)).toBe(
      'Fullest of its limit: CPU 42 % (reviews in reviews-v1-5b6c); memory 61 % (reviews in reviews-v1-5b6c); throttled 1 % (reviews in reviews-v1-5b6c)',
    );
  });

  it('says nothing without container metrics, and says so without limits', () => {
    expect(
      saturationSentence({ state: 'unavailable', containers: [] }),
    ).toBeUndefined();
    expect(saturationSentence({ state: 'available', containers: [] })).toBe(
      'Saturation: no container has a limit.',
    );
  });
});
