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

export { burnRate, type BurnParameters } from './burnRate';
export { serviceCallers, workloadCallees } from './dependencies';
export {
  type Baseline,
  BASELINES,
  contribution,
  type ContributionParameters,
  errorCellsExpression,
  errorHistory,
  type ErrorHistoryParameters,
  type Inventory,
  inventoryParameter,
} from './contribution';
export {
  catalogueExpressions,
  longExpressions,
  type SampleSubjects,
} from './expressions';
export { meshBurn } from './meshBurn';
export { meshTrafficTemplate, RECORDED_REQUESTS } from './meshTraffic';
export { podSaturation } from './podSaturation';
export {
  LIST_BASELINES,
  type ListBaseline,
  serviceErrors,
  serviceLatency,
} from './serviceErrors';
export { historySeconds, serviceHistory } from './serviceHistory';
export { servicePast, type PastMoment } from './servicePast';
export { serviceUpstream } from './serviceUpstream';
export { serviceWindow } from './serviceWindow';
export { PROBED_METRICS, sourceProbe, type ProbedMetric } from './sourceProbe';
export * from './template';
export * from './windows';
