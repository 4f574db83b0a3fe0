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

import type { Capabilities } from '../../../prometheus/capabilities';
import { gapsOf, type GapsInput } from './gaps';

const WHOLE: Capabilities = {
  metrics: new Set([
    'istio_requests_total',
    'envoy_http_rbac',
    'container_cpu_usage_seconds_total',
    'container_cpu_cfs_periods_total',
    'kube_pod_container_resource_limits',
  ]),
  buckets: true,
  native: false,
};

const LABELS = {
  source_principal: 'unknown',
  source_workload: 'unknown',
  connection_security_policy: 'none',
  response_code: '200',
  response_flags: '-',
  request_protocol: 'http',
  destination_canonical_revision: 'latest',
};

function gaps(input: Partial<GapsInput> = {}) {
  return gapsOf({
    capabilities: WHOLE,
    rows: [{ labels: LABELS, samples: [] }],
    signals: { current: {}, layer: 'http', state: 'traffic' },
    disabled: [],
    ...input,
  });
}

describe('gapsOf', () => {
  it('has nothing to say where all is there', () => {
    expect(gaps()).toEqual([]);
  });

  it('says that a source has no metrics of Istio at all', () => {
    const capabilities = { ...WHOLE, metrics: new Set(['pilot_xds']) };
    expect(gaps({ capabilities })[0]).toMatchObject({
      what: 'Every number',
      remedy: expect.stringContaining('queryScope'),
    });
  });

  it('claims nothing where the answer may lack something', () => {
    const capabilities = {
      ...WHOLE,
      metrics: new Set<string>(),
      incomplete: 'a store is missing',
    };
    expect(gaps({ capabilities })).toEqual([]);
    expect(gaps({ capabilities: undefined })[0].reason).toContain(
      'could not be asked',
    );
  });

  it.each([
    ['container_cpu_usage_seconds_total', 'CPU and memory', 'cAdvisor'],
    [
      'kube_pod_container_resource_limits',
      'Limits of CPU and memory',
      'kube-state-metrics',
    ],
    ['envoy_http_rbac', 'Refusals counted by proxies', 'envoy_http_rbac'],
  ])('without %s: %s, and what to scrape', (metric, what, remedy) => {
    const metrics = new Set(WHOLE.metrics);
    metrics.delete(metric);
    expect(gaps({ capabilities: { ...WHOLE, metrics } })).toEqual([
      expect.objectContaining({
        what,
        remedy: expect.stringContaining(remedy),
      }),
    ]);
  });

  it('names labels that were removed; a value that is not known is no gap', () => {
    const { source_principal: _, ...labels } = LABELS;
    expect(gaps({ rows: [{ labels, samples: [] }] })).toEqual([
      expect.objectContaining({
        what: 'Who called, by identity',
        reason: expect.stringContaining('source_principal'),
      }),
    ]);
    expect(gaps({ rows: [] })).toEqual([]);
  });

  it('names the Telemetry that disables a metric', () => {
    const disabled = [
      {
        metric: 'istio_requests_total',
        says: 'Telemetry shop/quiet disables it',
      },
    ];
    expect(gaps({ disabled })).toEqual([
      expect.objectContaining({ reason: 'Telemetry shop/quiet disables it' }),
    ]);
  });
});
