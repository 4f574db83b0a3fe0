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

export * from './catalogue';
export { MetricsReader, MAX_PODS } from './MetricsReader';
export type { ChartSeries, MeshServiceRates } from './MetricsReader';
export { MetricsSources } from './MetricsSources';
export { missingReason, observedValue } from './observed';
export type { Observed } from './observed';
export { PrometheusClient } from './PrometheusClient';
export { quantileOf } from './quantiles';
export type { Bucket, Quantile } from './quantiles';
export { serviceKey } from './requestRows';
export type { Reporter, RequestRow, ServiceRequests } from './requestRows';
export { PrometheusError } from './response';
export type { ContainerUse } from './saturationRows';
export type { InstantOfSeries, ServiceSeries } from './seriesRows';
export { bucketsOf, sizeNumber } from './sizeRows';
export type { ConnectionRow, ServiceSizes } from './sizeRows';
