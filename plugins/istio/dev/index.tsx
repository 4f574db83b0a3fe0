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

import type { ReactNode } from 'react';
import { attachComponentData } from '@backstage/core-plugin-api';
import { createDevApp } from '@backstage/dev-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { Content, Header, Page } from '@backstage/core-components';
import Grid from '@material-ui/core/Grid';
import {
  EntityIstioAuthorizationCard,
  EntityIstioDependenciesCard,
  EntityIstioMtlsCard,
  EntityIstioRoutesCard,
  EntityIstioSignalsCard,
  EntityIstioSummaryCard,
  istioPlugin,
} from '../src/plugin';
import { LegacyMeshPage } from '../src/pages';
import { ServiceMeshTab } from '../src/tab';
import { DependenciesTab } from '../src/tab/dependencies';
import { FixtureScene } from './FixtureScene';
import { largeMesh, scenes } from '../src/testing/scenes';

function Frame(props: { title: string; children: ReactNode }) {
  return (
    <Page themeId="service">
      <Header title={props.title} />
      <Content>{props.children}</Content>
    </Page>
  );
}

function Cards() {
  return (
    <>
      <h2>Overview</h2>
      <Grid container spacing={3}>
        <Grid item xs={12}>
          <EntityIstioSummaryCard />
        </Grid>
        <Grid item xs={12} md={6}>
          <EntityIstioSignalsCard />
        </Grid>
        <Grid item xs={12} md={6}>
          <EntityIstioMtlsCard />
        </Grid>
        <Grid item xs={12} md={6}>
          <EntityIstioRoutesCard />
        </Grid>
        <Grid item xs={12} md={6}>
          <EntityIstioAuthorizationCard />
        </Grid>
        <Grid item xs={12} md={6}>
          <EntityIstioDependenciesCard />
        </Grid>
      </Grid>
    </>
  );
}

/** Links to entities need a place to go to. */
function EntityPlace() {
  return (
    <Frame title="An entity page of the portal">Not part of this app.</Frame>
  );
}
attachComponentData(EntityPlace, 'core.mountPoint', entityRouteRef);

const app = createDevApp()
  .registerPlugin(istioPlugin)
  .addPage({
    path: '/catalog/:namespace/:kind/:name',
    element: <EntityPlace />,
  });

for (const { title, answers } of [
  ...scenes,
  { title: 'Loading', answers: {} },
]) {
  const path = title.toLocaleLowerCase('en-US').replaceAll(' ', '-');
  app.addPage({
    title,
    path: `/cards/${path}`,
    element: (
      <Frame title={title}>
        <FixtureScene answers={answers}>
          <Cards />
        </FixtureScene>
      </Frame>
    ),
  });
  app.addPage({
    path: `/tab/${path}`,
    element: (
      <Frame title={`${title}, in full`}>
        <FixtureScene answers={answers}>
          <ServiceMeshTab />
        </FixtureScene>
      </Frame>
    ),
  });
  app.addPage({
    path: `/dependencies/${path}`,
    element: (
      <Frame title={`${title}, dependencies`}>
        <FixtureScene answers={answers}>
          <DependenciesTab />
        </FixtureScene>
      </Frame>
    ),
  });
}

app.addPage({
  title: 'Mesh',
  path: '/mesh',
  element: (
    <FixtureScene answers={largeMesh}>
      <LegacyMeshPage />
    </FixtureScene>
  ),
});

app.render();
