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

import { burnRate } from './burnRate';
import { contribution, errorHistory, inventoryParameter } from './contribution';
import { serviceCallers, workloadCallees } from './dependencies';
import { meshBurn } from './meshBurn';
import { meshTrafficTemplate } from './meshTraffic';
import { podSaturation } from './podSaturation';
import { serviceErrors, serviceLatency } from './serviceErrors';
import { serviceHistory } from './serviceHistory';
import { servicePast } from './servicePast';
import { serviceUpstream } from './serviceUpstream';
import { serviceWindow } from './serviceWindow';
import { sourceProbe } from './sourceProbe';
import { union, type Subject } from './template';

/** Samples of the subjects that templates are asked about. */
export interface SampleSubjects {
  services: readonly Subject[];
  /** workloads that call */
  callers: readonly Subject[];
  pods: readonly Subject[];
  scope?: readonly string[];
}

/**
 * Every expression the back end can send, with sample parameters, by template: the list that tests run against a real
 * Prometheus. A template that is not here is not tested.
 */
export function catalogueExpressions(
  sample: SampleSubjects,
): Readonly<Record<string, string>> {
  const { services, callers, pods, scope = [] } = sample;
  const ofServices = { subjects: services, scope };
  return {
    [serviceWindow.name]: union(
      serviceWindow.parts(ofServices, { window: '1h', native: true }),
    ),
    [serviceHistory.name]: union(
      serviceHistory.parts(ofServices, { window: '1h' }),
    ),
    [podSaturation.name]: union(
      podSaturation.parts({ subjects: pods, scope }, {}),
    ),
    [serviceCallers.name]: union(
      serviceCallers.parts(ofServices, { window: '1h' }),
    ),
    [workloadCallees.name]: union(
      workloadCallees.parts({ subjects: callers, scope }, { window: '1h' }),
    ),
    [meshTrafficTemplate.name]: union(
      meshTrafficTemplate.parts(scope, { window: '5m' }),
    ),
  };
}

/**
 * Expressions that reach back days, or are about what the demo mesh does not have, with sample parameters, by template:
 * compared with a real Prometheus on the fixture of known rates, which holds a week.
 */
export function longExpressions({
  services,
  callers,
  pods,
  scope = [],
}: SampleSubjects): Readonly<Record<string, string>> {
  const inventory = inventoryParameter(
    new Map(
      services.map(({ namespace, name }) => [
        `${namespace}/${name}`,
        { workloads: callers, pods },
      ]),
    ),
  );
  const ofServices = { subjects: services, scope };
  return {
    [serviceUpstream.name]: union(
      serviceUpstream.parts(ofServices, { window: '1h' }),
    ),
    [`${meshTrafficTemplate.name} recorded`]: union(
      meshTrafficTemplate.parts(scope, { window: '1h', recorded: true }),
    ),
    [sourceProbe.name]: union(sourceProbe.parts(scope, {})),
    [servicePast.name]: union(servicePast.parts(ofServices, { window: '1h' })),
    [burnRate.name]: union(
      burnRate.parts(ofServices, { periodDays: 30, boundaryMs: 500 }),
    ),
    [`${burnRate.name} recorded`]: union(
      burnRate.parts(ofServices, { periodDays: 30, recorded: true }),
    ),
    [meshBurn.name]: union(meshBurn.parts(scope, {})),
    [serviceErrors.name]: union(serviceErrors.parts(ofServices, {})),
    [serviceLatency.name]: union(serviceLatency.parts(ofServices, {})),
    [contribution.name]: union(
      contribution.parts(ofServices, { slowMs: 500, inventory }),
    ),
    [errorHistory.name]: union(
      errorHistory.parts(ofServices, {
        seconds: 3600,
        stepSeconds: 60,
        windowSeconds: 120,
      }),
    ),
  };
}
