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

import type { PolicyTarget } from '../authorization';
import type { Version } from '../identity';

/** What an answer is about. */
export type AnswerTopic = 'routing' | 'mtls' | 'authorization' | 'telemetry';

/** A setting of istiod's environment that changes answers. */
export interface DecidingFlag {
  name: string;
  default: string;
  topic: AnswerTopic;
  /** only for these proxies; all when left out */
  proxies?: readonly PolicyTarget['proxy'][];
  /** The model reads it where it can be seen. */
  applied: boolean;
  /** Where its default changed: control planes of older versions behave as if it had the other value. */
  since?: Version;
}

/**
 * Settings that change answers (semantics, "Feature flags"). `PILOT_FILTER_GATEWAY_CLUSTER_CONFIG` is none of them: it withholds
 * from gateways only what they route nothing to.
 */
const FLAGS: readonly DecidingFlag[] = [
  {
    name: 'ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY',
    default: 'true',
    topic: 'authorization',
    proxies: ['gateway'],
    applied: true,
  },
  {
    name: 'PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS',
    default: 'false',
    topic: 'authorization',
    proxies: ['sidecar', 'native-sidecar', 'gateway', 'waypoint'],
    applied: true,
  },
  {
    name: 'AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY',
    default: 'false',
    topic: 'authorization',
    proxies: ['ambient'],
    applied: true,
  },
  {
    name: 'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES',
    default: 'false',
    topic: 'authorization',
    proxies: ['waypoint', 'ambient'],
    applied: true,
  },
  {
    name: 'PILOT_AUTO_ALLOW_WAYPOINT_POLICY',
    default: 'false',
    topic: 'authorization',
    proxies: ['ambient'],
    applied: true,
  },
  {
    name: 'PILOT_SKIP_VALIDATE_TRUST_DOMAIN',
    default: 'false',
    topic: 'mtls',
    applied: true,
  },
  {
    name: 'PILOT_PREFER_SENDING_HBONE',
    default: 'false',
    topic: 'mtls',
    proxies: ['sidecar', 'native-sidecar', 'gateway'],
    applied: true,
  },
  {
    name: 'ENABLE_TLS_ON_SIDECAR_INGRESS',
    default: 'false',
    topic: 'mtls',
    proxies: ['sidecar', 'native-sidecar'],
    applied: true,
  },
  {
    name: 'PILOT_SCOPE_GATEWAY_TO_NAMESPACE',
    default: 'false',
    topic: 'routing',
    proxies: ['gateway'],
    applied: true,
  },
  {
    name: 'PILOT_ENABLE_STRICT_GATEWAY_MERGING',
    default: 'true',
    topic: 'routing',
    proxies: ['gateway'],
    applied: true,
  },
  {
    name: 'ENABLE_GATEWAY_API_MANUAL_DEPLOYMENT',
    default: 'true',
    topic: 'routing',
    proxies: ['gateway'],
    applied: false,
  },
  {
    name: 'ENABLE_ENHANCED_DESTINATIONRULE_MERGE',
    default: 'true',
    topic: 'routing',
    applied: false,
    since: { major: 1, minor: 24 },
  },
  {
    name: 'PILOT_UNIFIED_SIDECAR_SCOPE',
    default: 'true',
    topic: 'routing',
    proxies: ['sidecar', 'native-sidecar'],
    applied: false,
    since: { major: 1, minor: 24 },
  },
  {
    name: 'EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY',
    default: 'true',
    topic: 'routing',
    applied: true,
    since: { major: 1, minor: 24 },
  },
  {
    name: 'ENABLE_INBOUND_RETRY_POLICY',
    default: 'true',
    topic: 'routing',
    proxies: ['sidecar', 'native-sidecar'],
    applied: true,
    since: { major: 1, minor: 24 },
  },
  {
    name: 'ENABLE_INGRESS_WAYPOINT_ROUTING',
    default: 'true',
    topic: 'routing',
    proxies: ['gateway'],
    applied: true,
  },
  {
    name: 'PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES',
    default: 'true',
    topic: 'routing',
    applied: true,
  },
  {
    name: 'PILOT_ENABLE_SERVICEENTRY_SELECT_PODS',
    default: 'true',
    topic: 'routing',
    applied: true,
  },
  {
    name: 'PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE',
    default: 'false',
    topic: 'mtls',
    proxies: ['sidecar', 'native-sidecar'],
    applied: true,
  },
  {
    name: 'PILOT_SIDECAR_USE_REMOTE_ADDRESS',
    default: 'false',
    topic: 'authorization',
    proxies: ['sidecar', 'native-sidecar'],
    applied: false,
  },
  {
    name: 'PILOT_TRACE_SAMPLING',
    default: '1.0',
    topic: 'telemetry',
    applied: true,
  },
];

/** The settings of istiod that decide answers of a topic about a kind of proxy. */
export function flagsThatDecide(
  topic: AnswerTopic,
  proxy: PolicyTarget['proxy'],
): readonly DecidingFlag[] {
  return FLAGS.filter(
    flag => flag.topic === topic && (flag.proxies?.includes(proxy) ?? true),
  );
}
