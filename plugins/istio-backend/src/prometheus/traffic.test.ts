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

import type { Series } from './response';
import {
  callerTraffic,
  clientOnlyFailures,
  flagRates,
  trafficNumbers,
} from './traffic';
import { preferredReporter, requestRows } from './trafficRows';

function series(labels: Record<string, string>, rate: number): Series {
  return {
    labels: {
      part: 'now',
      reporter: 'destination',
      destination_service_namespace: 'shop',
      destination_service_name: 'checkout',
      source_workload_namespace: 'shop',
      source_workload: 'web',
      source_principal: 'spiffe://cluster.local/ns/shop/sa/web',
      connection_security_policy: 'mutual_tls',
      destination_workload: 'checkout-v1',
      destination_canonical_revision: 'v1',
      request_protocol: 'http',
      response_code: '200',
      response_flags: '-',
      ...labels,
    },
    samples: [{ at: 0, value: rate }],
  };
}

function rows(...all: Series[]) {
  return requestRows({ series: all, warnings: [] });
}

describe('requestRows', () => {
  it('leaves out series without a number or with a reporter that is none', () => {
    const nan = { ...series({}, 0), samples: [{ at: 0, value: undefined }] };
    expect(rows(nan, series({ reporter: 'other' }, 1))).toEqual([]);
  });
});

describe('preferredReporter', () => {
  it('is waypoint before destination before source', () => {
    const source = series({ reporter: 'source' }, 1);
    const destination = series({}, 1);
    const waypoint = series({ reporter: 'waypoint' }, 1);
    expect(preferredReporter(rows(source, destination, waypoint))).toBe(
      'waypoint',
    );
    expect(preferredReporter(rows(source, destination))).toBe('destination');
    expect(preferredReporter(rows(source))).toBe('source');
    expect(preferredReporter([])).toBeUndefined();
  });

  it('prefers one that has traffic over one that only has series', () => {
    expect(
      preferredReporter(
        rows(series({ reporter: 'waypoint' }, 0), series({}, 1)),
      ),
    ).toBe('destination');
  });
});

describe('trafficNumbers', () => {
  it('keeps the error classes apart', () => {
    const numbers = trafficNumbers(
      rows(
        series({}, 90),
        series({ response_code: '503' }, 5),
        series({ response_code: '404' }, 3),
        series({ response_code: '0', response_flags: 'UC' }, 1),
        series({ response_code: '0', response_flags: 'DC' }, 1),
      ),
    );
    expect(numbers).toEqual({
      requestsPerSecond: 100,
      share5xx: 0.05,
      share4xx: 0.03,
      shareNoResponse: 0.01,
      grpcRequestsPerSecond: 0,
      shareGrpcErrors: undefined,
    });
  });

  it('counts gRPC server faults of gRPC requests, not the empty status nor the faults of callers', () => {
    const grpc = { request_protocol: 'grpc' };
    const numbers = trafficNumbers(
      rows(
        series({ ...grpc, grpc_response_status: '0' }, 6),
        series({ ...grpc, grpc_response_status: '14' }, 2),
        series({ ...grpc, grpc_response_status: '5' }, 1),
        series({ ...grpc, grpc_response_status: '' }, 1),
        series({}, 10),
      ),
    );
    expect(numbers.grpcRequestsPerSecond).toBe(10);
    expect(numbers.shareGrpcErrors).toBe(0.2);
  });

  it('has no shares without traffic', () => {
    const numbers = trafficNumbers(rows(series({}, 0)));
    expect(numbers.requestsPerSecond).toBe(0);
    expect(numbers.share5xx).toBeUndefined();
  });
});

describe('what only clients saw', () => {
  const all = rows(
    series({}, 10),
    series({ reporter: 'source' }, 10),
    series(
      { reporter: 'source', response_code: '503', response_flags: 'UO' },
      2,
    ),
    series(
      { reporter: 'source', response_code: '503', response_flags: 'UF,URX' },
      1,
    ),
  );
  const served = all.filter(({ reporter }) => reporter === 'destination');

  it('is a number of its own', () => {
    expect(clientOnlyFailures(all)).toBe(3);
    expect(trafficNumbers(served).requestsPerSecond).toBe(10);
  });

  it('is named by flag, in words', () => {
    expect(
      flagRates(served, all).map(({ flag, requestsPerSecond, seenBy }) => ({
        flag,
        requestsPerSecond,
        seenBy,
      })),
    ).toEqual([
      { flag: 'UO', requestsPerSecond: 2, seenBy: 'client' },
      { flag: 'UF', requestsPerSecond: 1, seenBy: 'client' },
      { flag: 'URX', requestsPerSecond: 1, seenBy: 'client' },
    ]);
  });
});

describe('callerTraffic', () => {
  it('says per caller how much is encrypted and how much was refused', () => {
    const callers = callerTraffic(
      rows(
        series({}, 8),
        series({ response_code: '403' }, 2),
        series(
          {
            source_workload: 'unknown',
            source_workload_namespace: 'unknown',
            source_principal: 'unknown',
            connection_security_policy: 'none',
            response_code: '500',
          },
          1,
        ),
      ),
    );
    expect(callers).toEqual([
      {
        caller: {
          namespace: 'shop',
          workload: 'web',
          principal: 'spiffe://cluster.local/ns/shop/sa/web',
          mutualTls: true,
        },
        requestsPerSecond: 10,
        mutualTlsShare: 1,
        share5xx: 0,
        refusedPerSecond: 2,
      },
      {
        caller: {
          namespace: 'unknown',
          workload: 'unknown',
          principal: undefined,
          mutualTls: false,
        },
        requestsPerSecond: 1,
        mutualTlsShare: 0,
        share5xx: 1,
        refusedPerSecond: 0,
      },
    ]);
  });
});
