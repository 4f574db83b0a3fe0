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

import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import type { QueryObserver } from './engine';

/** Seconds, from a cached instant to a background query that times out. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * What the questions to Prometheus cost, as metrics of the portal: `istio.prometheus.requests` by template and outcome
 * (`too-expensive` counts the 422s), their duration and rows, `istio.prometheus.answers` by template and origin (the
 * share that is not of origin `source` is the hit ratio), and how long requests waited for their place.
 */
export function queryMetrics(metrics: MetricsService): QueryObserver {
  const requests = metrics.createCounter<{ template: string; outcome: string }>(
    'istio.prometheus.requests',
    { description: 'Requests to Prometheus', unit: '{request}' },
  );
  const duration = metrics.createHistogram<{ template: string }>(
    'istio.prometheus.request.duration',
    {
      description: 'Duration of requests to Prometheus, waiting included',
      unit: 's',
      advice: { explicitBucketBoundaries: SECONDS },
    },
  );
  const rows = metrics.createCounter<{ template: string }>(
    'istio.prometheus.rows',
    { description: 'Rows in answers of Prometheus', unit: '{row}' },
  );
  const answers = metrics.createCounter<{ template: string; origin: string }>(
    'istio.prometheus.answers',
    {
      description: 'Answers to views, by where they came from',
      unit: '{answer}',
    },
  );
  const waiting = metrics.createHistogram('istio.prometheus.queue.duration', {
    description: 'How long requests to Prometheus waited for a place',
    unit: 's',
    advice: { explicitBucketBoundaries: SECONDS },
  });
  return {
    sent(request) {
      const { template } = request;
      requests.add(1, { template, outcome: request.problem ?? 'ok' });
      duration.record(request.seconds, { template });
      rows.add(request.rows, { template });
    },
    answered(template, origin) {
      answers.add(1, { template, origin });
    },
    waited(seconds) {
      waiting.record(seconds);
    },
  };
}
