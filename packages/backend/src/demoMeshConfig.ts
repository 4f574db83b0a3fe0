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

import type { RootConfigService } from '@backstage/backend-plugin-api';

/** Where the embedded demo mesh listens and which token it asks for, if any. */
export interface DemoMeshConfig {
  kubernetesPort: number;
  prometheusPort: number;
  token?: string;
}

/**
 * Reads the `demoMesh` block.
 *
 * @param config - the root configuration
 * @returns undefined when there is no block or it is disabled
 * @throws Error naming the key, when a value is missing or of the wrong type
 */
export function readDemoMeshConfig(
  config: RootConfigService,
): DemoMeshConfig | undefined {
  const block = config.getOptionalConfig('demoMesh');
  if (!block || block.getOptionalBoolean('enabled') === false) {
    return undefined;
  }
  return {
    kubernetesPort: block.getNumber('kubernetesPort'),
    prometheusPort: block.getNumber('prometheusPort'),
    token: block.getOptionalString('token'),
  };
}
