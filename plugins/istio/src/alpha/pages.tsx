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
import ServicesIcon from '@material-ui/icons/AssignmentInd';
import { PageBlueprint } from '@backstage/frontend-plugin-api';
import { meshPageRouteRef, myServicesPageRouteRef } from '../routes';

/** The *Mesh* page with all services. */
export const meshPage = PageBlueprint.make({
  params: {
    path: '/mesh',
    title: 'Mesh',
    icon: <HubIcon fontSize="inherit" />,
    routeRef: meshPageRouteRef,
    loader: () =>
      import('../pages').then(({ MeshPageContent }) => (
        <MeshPageContent underHeader />
      )),
  },
});

/** The page *My services*, worst first. */
export const myServicesPage = PageBlueprint.make({
  name: 'my-services',
  params: {
    path: '/my-services',
    title: 'My services',
    icon: <ServicesIcon fontSize="inherit" />,
    routeRef: myServicesPageRouteRef,
    loader: () =>
      import('../pages/mine').then(({ MyServicesContent }) => (
        <MyServicesContent underHeader />
      )),
  },
});
