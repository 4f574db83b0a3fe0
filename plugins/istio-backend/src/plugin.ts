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
  type RootConfigService,
} from '@backstage/backend-plugin-api';
import { metricsServiceRef } from '@backstage/backend-plugin-api/alpha';
import { DefaultAwsCredentialsManager } from '@backstage/integration-aws-node';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { istioPermissions } from '@mesh-portal/backstage-plugin-istio-common';
import { Clusters } from './cluster';
import { readIstioConfig } from './config';
import { AuthorizedMeshService } from './permissions';
import {
  istioPrometheusExtensionPoint,
  PrometheusSources,
  queryMetrics,
  TokenProviders,
} from './prometheus';
import { createRouter } from './router';
import { SnapshotMeshService } from './service';

/** Do replicas of the portal share its cache? In memory it would only hold everything twice. */
function isShared(config: RootConfigService): boolean {
  const store = config.getOptionalString('backend.cache.store') ?? 'memory';
  return store !== 'memory';
}

/** The back end of the Istio plugin. */
export const istioPlugin = createBackendPlugin({
  pluginId: 'istio',
  register(env) {
    const tokenProviders = new TokenProviders();
    env.registerExtensionPoint(istioPrometheusExtensionPoint, tokenProviders);
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        cache: coreServices.cache,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        const { auth, catalog, discovery, lifecycle, logger } = deps;
        const config = readIstioConfig(deps.config);
        const aws = DefaultAwsCredentialsManager.fromConfig(deps.config);
        const clusters = new Clusters({
          discovery,
          auth,
          logger,
          only: config.clusters,
          configMapNamespaces: ['istio-system', config.rootNamespace],
        });
        const service = new SnapshotMeshService({
          clusters,
          prometheus: new PrometheusSources({
            config,
            connectionOf: name => clusters.get(name)?.connection,
            cache: isShared(deps.config) ? deps.cache : undefined,
            tokenProviders,
            observer: queryMetrics(deps.metrics),
            awsCredentialsOf: async accountId => {
              const { sdkCredentialProvider } = await aws.getCredentialProvider(
                { accountId },
              );
              return sdkCredentialProvider;
            },
          }),
          catalog,
          auth,
          userInfo: deps.userInfo,
          logger,
          config,
        });
        deps.permissionsRegistry.addPermissions(istioPermissions);
        deps.httpRouter.use(
          createRouter({
            service: new AuthorizedMeshService(service, deps.permissions),
            httpAuth: deps.httpAuth,
            auditor: deps.auditor,
          }),
        );
        // The Kubernetes plugin answers only after every plugin has started.
        lifecycle.addStartupHook(() => clusters.start());
        lifecycle.addShutdownHook(() => clusters.stop());
      },
    });
  },
});
