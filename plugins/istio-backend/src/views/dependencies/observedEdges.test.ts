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

import type { QueryResult } from '../../prometheus/response';
import { edgeRows } from './edgeRows';
import { observedEdges, withoutWaypointHops } from './observedEdges';

const AT = 1_800_000_000;

/** From shop/web to shop/checkout, as its sidecar reports it. */
const edge = {
  source_workload_namespace: 'shop',
  source_workload: 'web',
  source_cluster: 'east',
  destination_cluster: 'east',
  destination_service: 'checkout.shop.svc.cluster.local',
  destination_service_namespace: 'shop',
  destination_service_name: 'checkout',
};

const request = {
  ...edge,
  part: 'requests',
  reporter: 'destination',
  source_principal: 'spiffe://cluster.local/ns/shop/sa/web',
  connection_security_policy: 'mutual_tls',
  destination_canonical_revision: 'v1',
  request_protocol: 'http',
  response_code: '200',
  response_flags: '-',
};

const now = { ...edge, part: 'now' };

type Rows = [Record<string, string>, number | undefined][];

function rows(...series: Rows) {
  const result: QueryResult = {
    warnings: [],
    series: series.map(([labels, value]) => ({
      labels,
      samples: [{ at: AT, value }],
    })),
  };
  return edgeRows(result);
}

function fold(
  series: Rows,
  options: { direction?: 'inbound' | 'outbound'; tunnelled?: boolean } = {},
) {
  const { direction = 'inbound', tunnelled = false } = options;
  return observedEdges(direction, rows(...series), {
    tunnelled: () => tunnelled,
  });
}

describe('edges from rows', () => {
  it('is what one reporter counted: reporters are never added', () => {
    const [found, ...more] = fold([
      [request, 10],
      [{ ...request, reporter: 'source' }, 10.5],
      [now, 2],
    ]);
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      state: 'traffic',
      caller: { namespace: 'shop', workload: 'web' },
      callee: { namespace: 'shop', name: 'checkout' },
      principal: 'spiffe://cluster.local/ns/shop/sa/web',
      numbers: {
        reporter: 'destination',
        protocol: 'http',
        requestsPerSecond: 10,
      },
    });
  });

  it('prefers the waypoint, then the callee, then the caller, of those that saw traffic', () => {
    const of = (series: Rows) => fold(series)[0].numbers?.reporter;
    const by = (reporter: string, value: number): Rows[number] => [
      { ...request, reporter },
      value,
    ];
    expect(of([by('source', 1), by('destination', 1), by('waypoint', 1)])).toBe(
      'waypoint',
    );
    expect(of([by('source', 1), by('destination', 1)])).toBe('destination');
    expect(of([by('source', 1), by('destination', 0)])).toBe('source');
  });

  it('counts each bad request once: 5xx, no response, gRPC faults of the server', () => {
    const [{ numbers }] = fold([
      [request, 80],
      [{ ...request, response_code: '404' }, 4],
      [{ ...request, response_code: '503', grpc_response_status: '14' }, 6],
      [{ ...request, response_code: '0', response_flags: 'UF' }, 3],
      [{ ...request, response_code: '0', response_flags: 'DC' }, 5],
      [{ ...request, grpc_response_status: '13' }, 1],
      [{ ...request, grpc_response_status: '5' }, 1],
    ]);
    expect(numbers?.requestsPerSecond).toBe(100);
    expect(numbers?.errorsPerSecond).toBe(10);
    expect(numbers?.errorShare).toBe(0.1);
  });

  it('keeps what only the caller saw beside the numbers of the callee', () => {
    const [{ numbers }] = fold([
      [request, 9],
      [{ ...request, reporter: 'source' }, 9],
      [
        {
          ...request,
          reporter: 'source',
          response_code: '503',
          response_flags: 'UO',
          destination_cluster: 'unknown',
        },
        1,
      ],
    ]);
    expect(numbers).toMatchObject({
      reporter: 'destination',
      requestsPerSecond: 9,
      errorShare: 0,
      clientOnlyFailuresPerSecond: 1,
      failures: [
        {
          code: '503',
          flag: 'UO',
          words: 'circuit breaker open or overflow',
          perSecond: 1,
        },
      ],
    });
  });

  it('counts refusals apart from errors', () => {
    const [{ numbers }] = fold([
      [request, 1],
      [{ ...request, response_code: '403' }, 2],
      [{ ...request, request_protocol: 'grpc', grpc_response_status: '7' }, 3],
    ]);
    expect(numbers).toMatchObject({
      requestsPerSecond: 6,
      errorsPerSecond: 0,
      refusedPerSecond: 5,
    });
  });

  it('counts failures of the caller once where only it reports', () => {
    const [{ numbers }] = fold([
      [
        {
          ...request,
          reporter: 'source',
          response_code: '503',
          response_flags: 'UH',
        },
        2,
      ],
    ]);
    expect(numbers?.errorShare).toBe(1);
    expect(numbers?.clientOnlyFailuresPerSecond).toBeUndefined();
  });

  it('tells the encrypted share by the callee, and that it is not known from the caller alone', () => {
    const plaintext = { ...request, connection_security_policy: 'none' };
    const [seen] = fold([
      [request, 3],
      [plaintext, 1],
    ]);
    expect(seen.numbers?.mutualTls).toEqual({ share: 0.75 });
    const [unseen] = fold([
      [
        {
          ...request,
          reporter: 'source',
          connection_security_policy: 'unknown',
        },
        3,
      ],
    ]);
    expect(unseen.numbers?.mutualTls.share).toBeUndefined();
    expect(unseen.numbers?.mutualTls.reason).toContain('Only the caller');
    const [silent] = fold([[request, 0]]);
    expect(silent.numbers?.mutualTls).toEqual({
      reason: 'No traffic in the window',
    });
  });

  it('interpolates p95 from the buckets of its reporter and divides for the mean', () => {
    const bucket = { ...edge, part: 'buckets', reporter: 'destination' };
    const [{ numbers }] = fold([
      [request, 10],
      [{ ...bucket, le: '100' }, 6],
      [{ ...bucket, le: '250.0' }, 10],
      [{ ...bucket, le: '+Inf' }, 10],
      [{ ...bucket, reporter: 'source', le: '100' }, 1],
      [{ ...bucket, reporter: 'source', le: '+Inf' }, 10],
      [{ ...edge, part: 'count', reporter: 'destination' }, 10],
      [{ ...edge, part: 'count', reporter: 'source' }, 10],
      [{ ...edge, part: 'sum', reporter: 'destination' }, 900],
      [{ ...edge, part: 'sum', reporter: 'source' }, 9000],
    ]);
    expect(numbers?.latency).toEqual({
      mean: 90,
      p95: 100 + (150 * 3.5) / 4,
      p95Bucket: [100, 250],
    });
  });

  it('gives the mean only of what the entity calls, and nothing without traffic', () => {
    const [{ numbers }] = fold(
      [
        [request, 10],
        [{ ...edge, part: 'count', reporter: 'destination' }, 10],
        [{ ...edge, part: 'sum', reporter: 'destination' }, 900],
      ],
      { direction: 'outbound' },
    );
    expect(numbers?.latency).toEqual({ mean: 90 });
    const [idle] = fold([
      [request, 0],
      [{ ...edge, part: 'count', reporter: 'destination' }, 0],
      [{ ...edge, part: 'sum', reporter: 'destination' }, 0],
    ]);
    expect(idle.numbers?.latency).toBeUndefined();
  });

  it('is gRPC where all requests are, and both where only some are', () => {
    const grpc = { ...request, request_protocol: 'grpc' };
    expect(fold([[grpc, 1]])[0].numbers?.protocol).toBe('grpc');
    expect(fold([[grpc, 0]])[0].numbers?.protocol).toBe('grpc');
    expect(
      fold([
        [grpc, 1],
        [request, 1],
      ])[0].numbers?.protocol,
    ).toBe('http+grpc');
  });

  it('shares requests out to versions, with the errors of each', () => {
    const v2 = { ...request, destination_canonical_revision: 'v2' };
    const [{ numbers }] = fold([
      [request, 9],
      [v2, 1],
      [{ ...v2, response_code: '500' }, 1],
    ]);
    expect(numbers?.versions).toEqual([
      { version: 'v1', requestsPerSecond: 9, errorShare: 0 },
      { version: 'v2', requestsPerSecond: 2, errorShare: 0.5 },
    ]);
  });

  it('has no version of what is not in the mesh, nor of what reached nobody', () => {
    const outside = {
      ...request,
      reporter: 'source',
      destination_cluster: 'unknown',
    };
    const versions = (series: Rows) => fold(series)[0].numbers?.versions;
    expect(
      versions([[{ ...outside, destination_canonical_revision: 'latest' }, 1]]),
    ).toEqual([]);
    expect(
      versions([
        [{ ...outside, destination_canonical_revision: 'unknown' }, 1],
      ]),
    ).toEqual([]);
    expect(
      versions([[{ ...request, destination_canonical_revision: 'latest' }, 1]]),
    ).toHaveLength(1);
  });

  it('blames the own proxy for what it refuses, and not the application', () => {
    const [{ numbers }] = fold(
      [
        [
          {
            ...request,
            reporter: 'source',
            response_code: '502',
            destination_service_name: 'BlackHoleCluster',
            destination_service_namespace: 'unknown',
          },
          1,
        ],
        [{ ...request, response_code: '502' }, 1],
      ],
      { direction: 'outbound' },
    );
    expect(numbers?.failures[0].words).toBe(
      'Bad Gateway, answered by the own proxy: the host is not registered',
    );
  });

  it('marks the part that crosses clusters', () => {
    const [{ numbers }] = fold([
      [request, 4],
      [{ ...request, source_cluster: 'west' }, 1],
      [{ ...request, destination_cluster: 'unknown' }, 1],
    ]);
    expect(numbers?.crossCluster).toEqual([
      { from: 'west', to: 'east', perSecond: 1 },
    ]);
  });

  describe('TCP', () => {
    const tcp = { ...edge, reporter: 'destination' };
    const opened = {
      ...tcp,
      part: 'opened',
      connection_security_policy: 'mutual_tls',
    };

    it('names bytes in the view of the server: received is the request', () => {
      const [{ numbers, state }] = fold([
        [opened, 2],
        [{ ...tcp, part: 'received' }, 100],
        [{ ...tcp, part: 'sent' }, 900],
        [{ ...tcp, part: 'sent', reporter: 'source' }, 900],
        [now, 1],
      ]);
      expect(state).toBe('traffic');
      expect(numbers).toMatchObject({
        protocol: 'tcp',
        reporter: 'destination',
        mutualTls: { share: 1 },
        tcp: {
          connectionsOpenedPerSecond: 2,
          requestBytesPerSecond: 100,
          responseBytesPerSecond: 900,
        },
      });
      expect(numbers?.requestsPerSecond).toBeUndefined();
    });

    it('is traffic while bytes flow over connections opened long ago', () => {
      const [{ state }] = fold([
        [opened, 0],
        [{ ...tcp, part: 'sent' }, 10],
        [now, 1],
      ]);
      expect(state).toBe('traffic');
    });

    it('does not repeat requests as connections of the ztunnels that carry them', () => {
      const series: Rows = [
        [{ ...request, reporter: 'waypoint' }, 10],
        [opened, 1],
        [{ ...tcp, part: 'sent' }, 500],
      ];
      expect(fold(series, { tunnelled: true })[0].numbers?.tcp).toBeUndefined();
      expect(fold(series)[0].numbers?.tcp?.responseBytesPerSecond).toBe(500);
    });

    it('learns from the ztunnel of the callee whether requests of a sidecar were encrypted', () => {
      const [{ numbers }] = fold(
        [
          [{ ...request, reporter: 'source' }, 10],
          [opened, 1],
        ],
        { tunnelled: true },
      );
      expect(numbers?.mutualTls).toMatchObject({
        share: 1,
        reason: expect.stringContaining('connections'),
      });
    });
  });

  describe('four states, never one zero', () => {
    it('traffic, idle, new, gone', () => {
      const seen = { ...edge, part: 'seen' };
      const state = (series: Rows) => fold(series)[0].state;
      expect(
        state([
          [request, 1],
          [now, 1],
        ]),
      ).toBe('traffic');
      expect(
        state([
          [request, 0],
          [now, 1],
        ]),
      ).toBe('idle');
      expect(
        state([
          [now, 1],
          [seen, AT],
        ]),
      ).toBe('new');
      expect(state([[seen, AT - 1800]])).toBe('gone');
      expect(state([[request, 5]])).toBe('gone');
    });

    it('never was: there is no edge', () => {
      expect(fold([])).toEqual([]);
    });

    it('has no rate while it is new, and no number where Prometheus has none', () => {
      expect(fold([[now, 1]])[0].numbers).toBeUndefined();
      expect(fold([[request, undefined]])).toEqual([]);
    });

    it('says when it was last seen, by the latest of its series', () => {
      const seen = { ...edge, part: 'seen' };
      const other = { ...seen, destination_cluster: 'unknown' };
      expect(
        fold([
          [other, AT - 3600],
          [seen, AT - 1800],
        ])[0].lastSeen,
      ).toBe(AT - 1800);
    });
  });

  it('is one edge a callee for all workloads of the entity, one a caller for its callers', () => {
    const reviews = (version: string): Rows[number] => [
      { ...request, source_workload: `web-${version}` },
      1,
    ];
    const series = [reviews('v2'), reviews('v1')];
    const [outbound, ...none] = fold(series, { direction: 'outbound' });
    expect(none).toEqual([]);
    expect(outbound.callers).toEqual(['shop/web-v1', 'shop/web-v2']);
    expect(outbound.numbers?.requestsPerSecond).toBe(2);
    expect(fold(series)).toHaveLength(2);
  });

  it('is one edge for all hosts outside the registry', () => {
    const outside = (host: string): Rows[number] => [
      {
        ...request,
        reporter: 'source',
        destination_service: host,
        destination_service_name: 'PassthroughCluster',
        destination_service_namespace: 'unknown',
      },
      1,
    ];
    expect(
      fold([outside('a.example'), outside('b.example')], {
        direction: 'outbound',
      }),
    ).toHaveLength(1);
  });

  it('leaves out the hop behind a waypoint, whose own rows name the caller', () => {
    const waypoint = { ...edge, source_workload: 'waypoint' };
    const edges = fold([
      [{ ...request, reporter: 'waypoint' }, 10],
      [{ ...waypoint, part: 'opened', reporter: 'destination' }, 1],
    ]);
    const isWaypoint = ({ workload }: { workload: string }) =>
      workload === 'waypoint';
    expect(edges).toHaveLength(2);
    expect(
      withoutWaypointHops(edges, isWaypoint).map(
        ({ caller }) => caller.workload,
      ),
    ).toEqual(['web']);
    const [, hop] = edges;
    expect(withoutWaypointHops([hop], isWaypoint)).toEqual([hop]);
  });
});
