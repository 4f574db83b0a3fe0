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

import HubIcon from '@material-ui/icons/DeviceHub';
import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import {
  dependenciesTabRouteRef,
  meshPageRouteRef,
  myServicesPageRouteRef,
  serviceMeshTabRouteRef,
  triageTabRouteRef,
} from '../routes';
import { istioApi, istioQueryClientApi } from './apis';
import {
  authorizationCard,
  dependenciesCard,
  mtlsCard,
  routesCard,
  signalsCard,
  summaryCard,
} from './entityCards';
import {
  dependenciesContent,
  serviceMeshContent,
  triageContent,
} from './entityContents';
import { meshPage, myServicesPage } from './pages';

/** Istio on the service pages of a portal (new front-end system). */
export const istioPlugin = createFrontendPlugin({
  pluginId: 'istio',
  title: 'Mesh',
  icon: <HubIcon fontSize="inherit" />,
  info: { packageJson: () => import('../../package.json') },
  extensions: [
    istioApi,
    istioQueryClientApi,
    summaryCard,
    signalsCard,
    mtlsCard,
    routesCard,
    authorizationCard,
    dependenciesCard,
    serviceMeshContent,
    triageContent,
    dependenciesContent,
    meshPage,
    myServicesPage,
  ],
  routes: {
    mesh: meshPageRouteRef,
    serviceMesh: serviceMeshTabRouteRef,
    dependencies: dependenciesTabRouteRef,
    triage: triageTabRouteRef,
    myServices: myServicesPageRouteRef,
  },
});
