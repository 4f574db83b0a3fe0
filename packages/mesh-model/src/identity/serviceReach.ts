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

import type { LabelSelector, StringMap } from '../objects';
import { boolean, list, oneOf, record, string } from '../objects/shape';
import { labelSelector } from '../objects/labelSelectorShape';
import { matchesLabelSelector } from '../snapshot/labelSelection';

/** How far a ServiceEntry reaches: everywhere its `exportTo` says, its own namespace only, or nowhere. R1.14 */
export type ServiceVisibility = 'PUBLIC' | 'NAMESPACE' | 'NONE';

/** `meshConfig.serviceEntryVisibility`. R1.14 */
export interface ServiceEntryVisibility {
  defaultVisibility?: ServiceVisibility | 'UNSPECIFIED';
  /** Ambient always obeys; sidecars only when this is set. */
  applyToSidecars?: boolean;
  policies?: readonly {
    visibility?: ServiceVisibility | 'UNSPECIFIED';
    matchingRules?: readonly { namespaceSelector?: LabelSelector }[];
  }[];
}

/** One entry of `meshConfig.serviceScopeConfigs`: which services other clusters may use. */
export interface ServiceScopeConfig {
  namespaceSelector?: LabelSelector;
  servicesSelector?: LabelSelector;
  scope?: 'LOCAL' | 'GLOBAL';
}

/** One entry of `meshConfig.serviceSettings`. R1.19 */
export interface ServiceSettings {
  settings?: { clusterLocal?: boolean };
  hosts?: readonly string[];
}

const visibility = oneOf(['UNSPECIFIED', 'PUBLIC', 'NAMESPACE', 'NONE']);

type VisibilityPolicy = NonNullable<ServiceEntryVisibility['policies']>[number];

export const serviceEntryVisibilityShape = record<ServiceEntryVisibility>({
  defaultVisibility: visibility,
  applyToSidecars: boolean,
  policies: list(
    record<VisibilityPolicy>({
      visibility,
      matchingRules: list(
        record<{ namespaceSelector?: LabelSelector }>({
          namespaceSelector: labelSelector,
        }),
      ),
    }),
  ),
});

export const serviceScopeConfigsShape = list(
  record<ServiceScopeConfig>({
    namespaceSelector: labelSelector,
    servicesSelector: labelSelector,
    scope: oneOf(['LOCAL', 'GLOBAL']),
  }),
);

export const serviceSettingsShape = list(
  record<ServiceSettings>({
    settings: record<{ clusterLocal?: boolean }>({ clusterLocal: boolean }),
    hosts: list(string),
  }),
);

/**
 * The visibility of the ServiceEntries of a namespace: of the first policy all of whose rules match, else the default. A
 * policy without rules matches always; a rule that selects by nothing the model knows never does. R1.14
 */
export function serviceEntryVisibilityOf(
  config: { serviceEntryVisibility?: ServiceEntryVisibility },
  namespaceLabels: StringMap,
): ServiceVisibility {
  const { serviceEntryVisibility: settings } = config;
  const deciding = settings?.policies?.find(({ matchingRules }) =>
    (matchingRules ?? []).every(
      ({ namespaceSelector }) =>
        namespaceSelector !== undefined &&
        matchesLabelSelector(namespaceSelector, namespaceLabels),
    ),
  );
  const found = deciding
    ? deciding.visibility
    : settings?.defaultVisibility ?? 'PUBLIC';
  return found === undefined || found === 'UNSPECIFIED' ? 'PUBLIC' : found;
}

/**
 * May other clusters use a Service? `GLOBAL` when an entry of `serviceScopeConfigs` with that scope matches its namespace
 * and itself; an absent selector matches everything. A Service of an unknown namespace is `LOCAL`.
 */
export function serviceScopeOf(
  config: { serviceScopeConfigs: readonly ServiceScopeConfig[] },
  namespaceLabels: StringMap | undefined,
  serviceLabels: StringMap,
): 'LOCAL' | 'GLOBAL' {
  const global =
    namespaceLabels !== undefined &&
    config.serviceScopeConfigs.some(
      ({ scope, namespaceSelector = {}, servicesSelector = {} }) =>
        scope === 'GLOBAL' &&
        matchesLabelSelector(namespaceSelector, namespaceLabels) &&
        matchesLabelSelector(servicesSelector, serviceLabels),
    );
  return global ? 'GLOBAL' : 'LOCAL';
}
