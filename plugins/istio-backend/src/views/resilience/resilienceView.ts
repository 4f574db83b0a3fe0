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
  ResilienceGroup,
  ResilienceTarget,
  ResilienceView,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  resilienceOf,
  routesOfService,
  type PortRoutes,
  type ResilienceSettings,
  type Verdict,
} from '@mesh-portal/mesh-model';
import { chosenClient, type NamedClient } from '../clients';
import type { EntityInput } from '../entityInput';
import { certain, ROUTE_KINDS } from '../knowledge';
import { clientsOfRouted, routedOf, type RoutedInput } from '../routedInput';
import { plainVerdict } from '../verdicts';
import {
  balancingSentence,
  outlierSentence,
  poolSentence,
} from './resilienceSentences';
import { inboundRetrySettings } from './inboundRetrySettings';
import { settingInContract } from './settingOrigin';
import { timeoutsAndRetries } from './timeoutSettings';

type ResilienceService = ResilienceView['services'][number];
type RoutedPort = RoutedInput['ports'][number];

/** Pools, the budget of retries, and the version of HTTP: what a connection to the service is like. */
function connectionSettings(settings: ResilienceSettings) {
  return [
    ...settings.connectionPool,
    ...(settings.http === undefined
      ? []
      : [{ ...settings.http, setting: 'version of HTTP' }]),
    ...settings.retryBudget,
  ].map(settingInContract);
}

function groupsOf(
  settings: ResilienceSettings,
  rules: ResilienceGroup | undefined,
): ResilienceGroup[] {
  return [
    ...(rules ? [rules] : []),
    {
      subject: 'connection-pool',
      sentence: poolSentence(settings),
      settings: connectionSettings(settings),
    },
    {
      subject: 'outlier-detection',
      sentence: outlierSentence(settings),
      settings: settings.outlierDetection.map(settingInContract),
    },
    {
      subject: 'load-balancing',
      sentence: balancingSentence(settings),
      settings: settings.loadBalancing.map(settingInContract),
    },
    {
      subject: 'locality',
      sentence: settings.locality.says,
      settings: [settingInContract(settings.locality)],
    },
  ];
}

/** What matters in a sentence: time limits first, then what protects pods and callers. */
function sentenceOf(groups: readonly ResilienceGroup[]): string {
  return groups
    .filter(({ subject }) =>
      ['timeouts-and-retries', 'connection-pool', 'outlier-detection'].includes(
        subject,
      ),
    )
    .map(({ sentence }) => sentence)
    .join('. ');
}

function subsetsOf(service: RoutedInput, routes: PortRoutes): string[] {
  return [
    ...new Set(
      routes.rules.flatMap(rule =>
        rule.destinations.flatMap(({ host, subset }) =>
          host === service.ref.host && subset !== undefined ? [subset] : [],
        ),
      ),
    ),
  ];
}

function targetsOf(
  service: RoutedInput,
  client: NamedClient,
  routes: PortRoutes | undefined,
  port: RoutedPort,
): ResilienceTarget[] {
  const { snapshot } = service.cluster;
  const base = { ...port };
  const rules = routes && timeoutsAndRetries(routes);
  const withServer = rules && {
    ...rules,
    settings: [...rules.settings, ...inboundRetrySettings(service, port.port)],
  };
  const groupsFor = (subset?: string) =>
    groupsOf(
      resilienceOf(
        snapshot,
        client.client,
        service.ref.host,
        port.port,
        subset,
      ),
      subset === undefined ? withServer : undefined,
    );
  const whole = groupsFor();
  const policy = JSON.stringify(
    whole.filter(({ subject }) => subject !== 'timeouts-and-retries'),
  );
  const subsets = routes ? subsetsOf(service, routes) : [];
  return [
    {
      ...base,
      sentence: sentenceOf(whole),
      groups: whole,
      sameAsPort: true,
    },
    ...subsets.map(subset => {
      const groups = groupsFor(subset);
      return {
        ...base,
        subset,
        sentence: sentenceOf(groups),
        groups,
        sameAsPort: JSON.stringify(groups) === policy,
      };
    }),
  ];
}

/** Settings are neither good nor bad by themselves: the sentence says what is in effect. */
function verdictOf(targets: readonly ResilienceTarget[]): Verdict {
  const [first] = targets;
  return first === undefined
    ? plainVerdict(
        'unknown',
        'The service has no port that carries TCP, so no setting acts',
      )
    : plainVerdict('not-applicable', first.sentence);
}

function resilienceOfService(
  service: RoutedInput,
  clients: readonly NamedClient[],
  client: NamedClient,
): ResilienceService {
  const { cluster, ref } = service;
  const routes = routesOfService(
    cluster.snapshot,
    client.client,
    service.query,
  );
  const targets = service.ports.flatMap(port =>
    targetsOf(
      service,
      client,
      routes?.ports.find(each => each.port === port.port),
      port,
    ),
  );
  const verdict: Verdict =
    routes && !routes.inScope
      ? {
          state: 'fail',
          reason: `${routes.says}, so none of these settings acts for it`,
          facts: [...routes.scopeProvenance],
        }
      : verdictOf(targets);
  return {
    service: ref,
    client: client.ref,
    clients: clients.map(each => each.ref),
    verdict: certain(verdict, cluster.status, ROUTE_KINDS),
    targets,
  };
}

/**
 * Timeouts, retries, pools, outlier detection and load balancing in effect when one client calls, and where each value is
 * inherited from.
 *
 * @param client - id of a caller; absent: some meshed client of the service’s namespace
 * @throws InputError when no service of the entity has this caller
 */
export function resilienceView(
  input: EntityInput,
  client: string | undefined,
): ResilienceView {
  const asked = routedOf(input).map(service => ({
    service,
    clients: clientsOfRouted(service),
  }));
  const known = asked.some(({ clients }) =>
    clients.some(({ ref }) => ref.id === client),
  );
  return {
    services: asked.map(({ service, clients }) =>
      resilienceOfService(
        service,
        clients,
        chosenClient(clients, client, !known),
      ),
    ),
  };
}
