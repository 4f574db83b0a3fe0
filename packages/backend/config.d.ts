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

export interface Config {
  /** The embedded demo mesh: a Kubernetes API and a Prometheus API on this machine. For trying out only. */
  demoMesh?: {
    /** Set to false to start without it. Default: true when the block is present. */
    enabled?: boolean;
    /** Port of the Kubernetes API, on 127.0.0.1. */
    kubernetesPort: number | string;
    /** Port of the Prometheus API, on 127.0.0.1. */
    prometheusPort: number | string;
    /**
     * Bearer token that the Kubernetes API asks for. Default: none, everyone on this machine may use it; kubectl sends
     * no token over plain HTTP.
     * @visibility secret
     */
    token?: string;
  };
}
