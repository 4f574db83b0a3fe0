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

import type {
  ActingObject,
  BindingsView,
  BindingsWorkload,
  EffectiveSetting,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  envoyProxyOfWorkload,
  membershipOf,
  proxyConfigOf,
  telemetryOf,
  type Verdict,
  type Workload,
} from '@mesh-portal/mesh-model';
import {
  servicesOf,
  workloadsOfCluster,
  type ClusterInput,
  type EntityInput,
} from '../entityInput';
import { bindingKinds, certain } from '../knowledge';
import { count } from '../numbersInWords';
import { plainVerdict } from '../verdicts';
import { actingObjects } from './actingObjects';
import { ambientService } from './ambientService';
import { decidedSetting } from './decidedSetting';
import { ignoredOfService } from './ignoredObjects';
import { refusedOfService } from './refusedObjects';
import { telemetrySettings } from './telemetrySettings';

/** Kinds that change what proxies do in ways that no answer can tell: they are named first. */
const CHANGING: ReadonlySet<string> = new Set([
  'EnvoyFilter',
  'WasmPlugin',
  'TrafficExtension',
]);

function names(objects: readonly ActingObject[]): string {
  return objects
    .map(
      ({ object }) =>
        `${object.kind} ${
          object.namespace === undefined ? '' : `${object.namespace}/`
        }${object.name}`,
    )
    .join(', ');
}

function told(settings: readonly EffectiveSetting[]): string[] {
  return [
    ...new Set(
      settings
        .filter(({ setting }) => /^(Tracing|Sampling|Access log)/.test(setting))
        .map(
          ({ setting, value }) =>
            `${setting.toLowerCase()}: ${value.replace(
              /^(off|not known): .*$/,
              '$1',
            )}`,
        ),
    ),
  ];
}

/** Neither good nor bad by itself; only that running proxies differ from what is configured is a fault. */
function verdictOf(
  objects: readonly ActingObject[],
  telemetry: BindingsWorkload['telemetry'],
  drift: Verdict,
): Verdict {
  if (drift.state === 'fail') {
    return drift;
  }
  const acting = objects.filter(({ effect }) => effect !== 'overridden');
  const named = acting.filter(({ object }) => CHANGING.has(object.kind));
  const others = acting.length - named.length;
  const first = [
    ...(named.length > 0 ? [names(named)] : []),
    ...(others > 0
      ? [count(others, named.length > 0 ? 'other object' : 'object')]
      : []),
  ].join(' and ');
  const acts = acting.length === 1 ? 'acts' : 'act';
  return plainVerdict(
    'not-applicable',
    [
      acting.length === 0
        ? 'No other object acts on it'
        : `${first} ${acts} on it`,
      ...told([...telemetry.tracing, ...telemetry.accessLogging]),
    ].join('; '),
  );
}

const DRIFT_STATES = {
  none: 'pass',
  drifted: 'fail',
  unknown: 'not-applicable',
} as const;

function bindingsOf(
  cluster: ClusterInput,
  workload: Workload,
): BindingsWorkload {
  const { snapshot, name, status } = cluster;
  const objects = actingObjects(snapshot, workload);
  const telemetry = telemetrySettings(
    telemetryOf(snapshot, envoyProxyOfWorkload(snapshot, workload)),
  );
  const config = proxyConfigOf(snapshot, workload);
  const drift = plainVerdict(
    DRIFT_STATES[config.drift.state],
    config.drift.says,
  );
  return {
    workload: {
      cluster: name,
      namespace: workload.namespace,
      kind: workload.ref.kind,
      name: workload.name,
    },
    proxy: membershipOf(snapshot, workload).proxy,
    verdict: certain(
      verdictOf(objects, telemetry, drift),
      status,
      bindingKinds(snapshot, workload),
    ),
    objects,
    telemetry,
    proxyConfig: {
      settings: [...config.settings].map(([path, decided]) =>
        decidedSetting(path, decided.value, decided),
      ),
      drift,
    },
  };
}

/** What else acts on the entity’s workloads, where its services stand in ambient, which objects do not act or would be refused. */
export function bindingsView(input: EntityInput): BindingsView {
  const services = servicesOf(input);
  return {
    workloads: input.clusters.flatMap(cluster =>
      workloadsOfCluster(cluster).map(workload =>
        bindingsOf(cluster, workload),
      ),
    ),
    ambient: services.flatMap(service => ambientService(service) ?? []),
    ignored: services.map(ignoredOfService),
    refused: services.flatMap(refusedOfService),
  };
}
