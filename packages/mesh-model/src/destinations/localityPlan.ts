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

import {
  controlPlaneVersionOf,
  isOlder,
  NETWORK_LABEL as NETWORK,
  type MeshConfig,
} from '../identity';
import type {
  LocalityLoadBalancerSetting,
  MeshObject,
  SlimObjectByKind,
} from '../objects';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import type { EffectiveTrafficPolicy } from './trafficPolicy';

/** How a proxy prefers endpoints by where they run. */
export interface LocalityPlan {
  /**
   * `none`: all endpoints alike; `failover`: near ones first, others when those fail; `distribute`: by weights; `zone-aware`:
   * Envoy decides by the load of the zones, so the shares cannot be told
   */
  kind: 'none' | 'failover' | 'distribute' | 'zone-aware';
  /** Absent when nothing is preferred. */
  setting?: LocalityLoadBalancerSetting;
  /**
   * Before 1.31, where the network is the first label of `failoverPriority`: endpoints of other networks are all alike,
   * whatever other labels they share.
   */
  networkRequired?: boolean;
  /** what decides it, as a field */
  field: string;
  value: string | boolean;
  origin: 'destination-rule' | 'service' | 'mesh-config';
  /** one sentence */
  says: string;
  provenance?: Provenance;
}

const TRAFFIC_DISTRIBUTION = 'networking.istio.io/traffic-distribution';

const REGION = 'topology.kubernetes.io/region';
const ZONE = 'topology.kubernetes.io/zone';
const SUBZONE = 'topology.istio.io/subzone';
const NODE = 'kubernetes.io/hostname';

/** Labels that an endpoint must share with the caller, the most important first. R6.14 */
const PREFERENCES: Readonly<Record<string, readonly string[]>> = {
  preferclose: [NETWORK, REGION, ZONE],
  prefersamezone: [NETWORK, REGION, ZONE],
  prefersamenode: [NETWORK, REGION, ZONE, SUBZONE, NODE],
};

interface Wish {
  value: string;
  priority: readonly string[];
  object: MeshObject;
  path: string;
}

function wishOf(
  value: string | undefined,
  object: MeshObject,
  path: string,
): Wish | undefined {
  const priority = PREFERENCES[(value ?? '').toLowerCase()];
  return value === undefined || priority === undefined
    ? undefined
    : { value, priority, object, path };
}

/** `spec.trafficDistribution` of a Service, else the annotation on it, else that of its namespace. */
function trafficDistributionOf(
  snapshot: MeshSnapshot,
  object: SlimObjectByKind['Service' | 'ServiceEntry'],
): Wish | undefined {
  const path = `metadata.annotations[${TRAFFIC_DISTRIBUTION}]`;
  const namespace = snapshot.get('Namespace', '', object.metadata.namespace);
  return (
    (object.kind === 'Service'
      ? wishOf(
          object.spec.trafficDistribution,
          object,
          'spec.trafficDistribution',
        )
      : undefined) ??
    wishOf(object.metadata.annotations[TRAFFIC_DISTRIBUTION], object, path) ??
    (namespace &&
      wishOf(
        namespace.metadata.annotations[TRAFFIC_DISTRIBUTION],
        namespace,
        path,
      ))
  );
}

function settingInWords(
  setting: LocalityLoadBalancerSetting,
  detects: boolean,
  where: string,
): { kind: LocalityPlan['kind']; says: string } {
  if (setting.enabled === false) {
    return {
      kind: 'none',
      says: `Locality load balancing is off (${where})`,
    };
  }
  if ((setting.distribute ?? []).length > 0) {
    return {
      kind: 'distribute',
      says: `Traffic is distributed over localities by weight (${where})`,
    };
  }
  return detects
    ? {
        kind: 'failover',
        says: `Endpoints of the caller's own locality are preferred, others are the failover (${where})`,
      }
    : {
        kind: 'none',
        says: `No failover between localities: it needs outlierDetection, which is not set (${where})`,
      };
}

type SettingLevel = 'destination-rule' | 'mesh-config';

const LEVEL_SAYS: Readonly<Record<SettingLevel, string>> = {
  'destination-rule': 'DestinationRule',
  'mesh-config': 'mesh configuration',
};

/** Envoy itself balances over zones, by how many callers and endpoints each has: no share can be computed. R6.14 */
function zoneAware(
  origin: SettingLevel,
  object: MeshObject | undefined,
  path: string,
): LocalityPlan {
  const says = `Zone-aware load balancing (${LEVEL_SAYS[origin]}): requests stay in the region of the caller and, where its sidecar runs with ISTIO_META_ENABLE_SELF_DISCOVERY, in its zone as far as the endpoints there can take them; the shares are not computed`;
  return {
    kind: 'zone-aware',
    field: 'loadBalancer.zoneAwareLbSetting',
    value: true,
    origin,
    says,
    ...(object === undefined
      ? {}
      : { provenance: provenanceOf(object, path, says) }),
  };
}

/** Since 1.31 the rule switches it off for good, where Envoy began by itself before. R6.14 */
function zoneAwareOff(object: MeshObject, path: string): LocalityPlan {
  const says = `Zone-aware load balancing is off (${LEVEL_SAYS['destination-rule']})`;
  return {
    kind: 'none',
    field: 'loadBalancer.zoneAwareLbSetting',
    value: false,
    origin: 'destination-rule',
    says,
    provenance: provenanceOf(object, path, says),
  };
}

function byLocality(
  setting: LocalityLoadBalancerSetting,
  detects: boolean,
  origin: SettingLevel,
  object: MeshObject | undefined,
  path: string,
): LocalityPlan {
  const words = settingInWords(setting, detects, LEVEL_SAYS[origin]);
  return {
    ...words,
    setting,
    field: 'loadBalancer.localityLbSetting',
    value: setting.enabled !== false,
    origin,
    ...(object === undefined
      ? {}
      : { provenance: provenanceOf(object, path, words.says) }),
  };
}

/** What a DestinationRule sets; `undefined` where it leaves the decision to others. */
function ofDestinationRule(
  { loadBalancer }: EffectiveTrafficPolicy,
  detects: boolean,
): LocalityPlan | undefined {
  if (loadBalancer === undefined) {
    return undefined;
  }
  const { value, object, path } = loadBalancer;
  const { zoneAwareLbSetting: zones, localityLbSetting: setting } = value;
  if (zones !== undefined) {
    const at = `${path}.zoneAwareLbSetting`;
    return zones.enabled === false
      ? zoneAwareOff(object, at)
      : zoneAware('destination-rule', object, at);
  }
  return setting === undefined
    ? undefined
    : byLocality(
        setting,
        detects,
        'destination-rule',
        object,
        `${path}.localityLbSetting`,
      );
}

/** What a Service or ServiceEntry asks for: always failover, even without outlier detection. */
function ofTrafficDistribution(
  snapshot: MeshSnapshot,
  service: MeshObject | undefined,
): LocalityPlan | undefined {
  const wish =
    service?.kind === 'Service' || service?.kind === 'ServiceEntry'
      ? trafficDistributionOf(snapshot, service)
      : undefined;
  if (wish === undefined) {
    return undefined;
  }
  const { value, priority, object, path } = wish;
  const says = `${object.kind} ${object.metadata.name} asks for traffic distribution ${value}: close endpoints are preferred, others are the failover`;
  return {
    kind: 'failover',
    setting: { failoverPriority: priority },
    field: path,
    value,
    origin: 'service',
    says,
    provenance: provenanceOf(object, path, says),
  };
}

/** What the mesh sets; of locality it always says something. */
function ofMeshConfig(mesh: MeshConfig, detects: boolean): LocalityPlan {
  const zones = mesh.zoneAwareLbSetting;
  return zones !== undefined && zones.enabled !== false
    ? zoneAware('mesh-config', mesh.source, 'data.mesh: zoneAwareLbSetting')
    : byLocality(
        mesh.localityLbSetting,
        detects,
        'mesh-config',
        mesh.source,
        'data.mesh: localityLbSetting',
      );
}

/** Is the network the first of the labels, be it with a value (`key=value`)? */
export function beginsWithNetwork(labels: readonly string[]): boolean {
  return labels[0]?.split('=', 1)[0] === NETWORK;
}

const NETWORK_PREFERRED_SINCE = { major: 1, minor: 31 };

/** Adds what the version of the control plane makes of a list of labels that begins with the network. R6.14 */
function asOfVersion(snapshot: MeshSnapshot, plan: LocalityPlan): LocalityPlan {
  if (!beginsWithNetwork(plan.setting?.failoverPriority ?? [])) {
    return plan;
  }
  const version = controlPlaneVersionOf(snapshot);
  return version !== undefined && isOlder(version, NETWORK_PREFERRED_SINCE)
    ? { ...plan, networkRequired: true }
    : plan;
}

/**
 * What decides how endpoints are preferred by locality: the DestinationRule, else the Service's traffic distribution, else
 * the mesh. Failover needs outlier detection, unless the Service asks for it. R6.14
 *
 * @param detects - outlier detection is in effect
 */
export function localityPlanOf(
  snapshot: MeshSnapshot,
  policy: EffectiveTrafficPolicy,
  mesh: MeshConfig,
  service: MeshObject | undefined,
  detects: boolean,
): LocalityPlan {
  return asOfVersion(
    snapshot,
    ofDestinationRule(policy, detects) ??
      ofTrafficDistribution(snapshot, service) ??
      ofMeshConfig(mesh, detects),
  );
}
