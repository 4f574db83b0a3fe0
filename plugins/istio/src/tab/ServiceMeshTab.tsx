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

import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'react-router-dom';
import Grid from '@material-ui/core/Grid';
import Typography from '@material-ui/core/Typography';
import { CardBoundary, VisuallyHidden } from '../components';
import { useOverview } from '../queries';
import { AmbientSection, useConcernsAmbient } from './AmbientSection';
import { AuthorizationSection } from './AuthorizationSection';
import { BindingsSection } from './BindingsSection';
import { ClustersSection, useConcernsClusters } from './ClustersSection';
import { ExposureSection } from './ExposureSection';
import { ExternalSection } from './ExternalSection';
import { IgnoredSection } from './IgnoredSection';
import { MtlsSection } from './MtlsSection';
import { OverviewSection } from './OverviewSection';
import { RefusedSection, useConcernsRefused } from './RefusedSection';
import { RequestPathSection } from './requestPath';
import { ResilienceSection } from './ResilienceSection';
import { RoutesSection } from './RoutesSection';
import { SignalsSection } from './SignalsSection';

function TabSection(props: { id: string; children: ReactNode }) {
  return (
    <Grid item xs={12} id={props.id} tabIndex={-1}>
      <CardBoundary>{props.children}</CardBoundary>
    </Grid>
  );
}

/** What the sections below it have in common. */
function GroupHeading(props: { children: string }) {
  return (
    <Grid item xs={12}>
      <Typography variant="h6" component="h2">
        {props.children}
      </Typography>
    </Grid>
  );
}

/** A card links to its section by fragment; the router does not scroll there by itself. */
function useScrollToFragment() {
  const { hash } = useLocation();
  useEffect(() => {
    if (hash.length > 1) {
      document.getElementById(hash.slice(1))?.scrollIntoView?.();
    }
  }, [hash]);
}

/** Where the entity is not known, or may not be seen, one section says so; five would only repeat it. */
function onlyOverviewMakesSense(overview: ReturnType<typeof useOverview>) {
  const { data, isError } = overview;
  return data
    ? data.resolution !== undefined && data.resolution.state !== 'resolved'
    : isError;
}

function Sections() {
  const overview = useOverview();
  const concernsAmbient = useConcernsAmbient();
  const concernsClusters = useConcernsClusters();
  const concernsRefused = useConcernsRefused();
  useScrollToFragment();
  if (onlyOverviewMakesSense(overview)) {
    return <OverviewSection />;
  }
  return (
    <Grid container spacing={3}>
      <TabSection id="overview">
        <OverviewSection />
      </TabSection>
      <TabSection id="signals">
        <SignalsSection />
      </TabSection>
      <GroupHeading>Security</GroupHeading>
      <TabSection id="mtls">
        <MtlsSection />
      </TabSection>
      <TabSection id="authorization">
        <AuthorizationSection />
      </TabSection>
      <GroupHeading>Where requests go</GroupHeading>
      <TabSection id="routes">
        <RoutesSection />
      </TabSection>
      <TabSection id="request-path">
        <RequestPathSection />
      </TabSection>
      <TabSection id="exposure">
        <ExposureSection />
      </TabSection>
      <TabSection id="resilience">
        <ResilienceSection />
      </TabSection>
      {concernsClusters && (
        <TabSection id="clusters">
          <ClustersSection />
        </TabSection>
      )}
      <TabSection id="external">
        <ExternalSection />
      </TabSection>
      <GroupHeading>Behind the answers</GroupHeading>
      {concernsAmbient && (
        <TabSection id="ambient">
          <AmbientSection />
        </TabSection>
      )}
      <TabSection id="bindings">
        <BindingsSection />
      </TabSection>
      <TabSection id="ignored">
        <IgnoredSection />
      </TabSection>
      {concernsRefused && (
        <TabSection id="refused">
          <RefusedSection />
        </TabSection>
      )}
    </Grid>
  );
}

/** Everything the mesh does to this entity, in full. */
export function ServiceMeshTab() {
  return (
    <CardBoundary>
      <VisuallyHidden component="h2">Service mesh</VisuallyHidden>
      <Sections />
    </CardBoundary>
  );
}
