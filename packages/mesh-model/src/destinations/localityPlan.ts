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

import type { MeshConfig } from '../identity';
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
const NETWORK = 'topology.istio.io/network';
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

/** Envoy itself balances over zones, by how many callers and endpoints each has: no share can be computed. R6.14 */
function zoneAware(
  origin: 'destination-rule' | 'mesh-config',
  object: MeshObject | undefined,
  path: string,
): LocalityPlan {
  const says = `Zone-aware load balancing (${
    origin === 'mesh-config' ? 'mesh configuration' : 'DestinationRule'
  }): requests stay in the zone of the caller as far as its endpoints can take them; the shares are not computed`;
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
  const field = 'loadBalancer.localityLbSetting';
  const { loadBalancer } = policy;
  if (
    loadBalancer?.value.zoneAwareLbSetting !== undefined &&
    loadBalancer.value.zoneAwareLbSetting.enabled !== false
  ) {
    return zoneAware(
      'destination-rule',
      loadBalancer.object,
      `${loadBalancer.path}.zoneAwareLbSetting`,
    );
  }
  const ofRule = loadBalancer?.value.localityLbSetting;
  if (loadBalancer !== undefined && ofRule !== undefined) {
    const words = settingInWords(ofRule, detects, 'DestinationRule');
    return {
      ...words,
      setting: ofRule,
      field,
      value: ofRule.enabled !== false,
      origin: 'destination-rule',
      provenance: provenanceOf(
        loadBalancer.object,
        `${loadBalancer.path}.localityLbSetting`,
        words.says,
      ),
    };
  }
  const wish =
    service?.kind === 'Service' || service?.kind === 'ServiceEntry'
      ? trafficDistributionOf(snapshot, service)
      : undefined;
  if (wish !== undefined) {
    const says = `${wish.object.kind} ${wish.object.metadata.name} asks for traffic distribution ${wish.value}: close endpoints are preferred, others are the failover`;
    return {
      kind: 'failover',
      setting: { failoverPriority: wish.priority },
      field: wish.path,
      value: wish.value,
      origin: 'service',
      says,
      provenance: provenanceOf(wish.object, wish.path, says),
    };
  }
  const ofZones = mesh.zoneAwareLbSetting;
  if (ofZones !== undefined && ofZones.enabled !== false) {
    return zoneAware(
      'mesh-config',
      mesh.source,
      'data.mesh: zoneAwareLbSetting',
    );
  }
  const ofMesh = mesh.localityLbSetting;
  const words = settingInWords(ofMesh, detects, 'mesh configuration');
  return {
    ...words,
    setting: ofMesh,
    field,
    value: ofMesh.enabled !== false,
    origin: 'mesh-config',
    ...(mesh.source === undefined
      ? {}
      : {
          provenance: provenanceOf(
            mesh.source,
            'localityLbSetting',
            words.says,
          ),
        }),
  };
}
