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
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { startDemoMesh } from '@mesh-portal/demo-mesh';
import { readDemoMeshConfig } from './demoMeshConfig';

/** Runs the embedded demo cluster inside the back end's process when the configuration has a `demoMesh` block. */
const demoMeshPlugin = createBackendPlugin({
  pluginId: 'demo-mesh',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        lifecycle: coreServices.rootLifecycle,
        logger: coreServices.logger,
      },
      async init({ config, lifecycle, logger }) {
        const options = readDemoMeshConfig(config);
        if (!options) {
          return;
        }
        const demo = await startDemoMesh({
          port: options.kubernetesPort,
          prometheusPort: options.prometheusPort,
          ...(options.token !== undefined && { token: options.token }),
        });
        lifecycle.addShutdownHook(() => demo.stop());
        logger.info(
          `Demo mesh: Kubernetes API at ${demo.kubernetesUrl}, Prometheus API at ${demo.prometheusUrl}`,
        );
      },
    });
  },
});

export default demoMeshPlugin;
