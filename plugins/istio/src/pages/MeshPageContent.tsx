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

import { useMemo } from 'react';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { Content } from '@backstage/core-components';
import { istioMeshReadPermission } from '@mesh-portal/backstage-plugin-istio-common';
import type {
  MeshServicesView,
  ViewEnvelope,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  AgeLabel,
  CardBoundary,
  EmptyAnswer,
  ErrorState,
  ForbiddenState,
  LoadingState,
  Notice,
  ObservedNotice,
  PartialFailure,
  Stack,
} from '../components';
import { counted } from '../format';
import { httpStatusOf, useMeshServices } from '../queries';
import { MeshFilterBar } from './MeshFilterBar';
import { choicesOf, filterServices } from './meshFilters';
import { sortServices } from './meshOrder';
import { MeshTable } from './MeshTable';
import { useMeshAddress } from './useMeshAddress';

const useStyles = makeStyles({
  underHeader: { '&&': { paddingTop: 0 } },
});

function Services(props: { envelope: ViewEnvelope<MeshServicesView> }) {
  const { view, clusters, observed } = props.envelope;
  const { filters, order, setFilter, setOrder, clear } = useMeshAddress();
  const choices = useMemo(() => choicesOf(view.services), [view.services]);
  const shown = useMemo(
    () => sortServices(filterServices(view.services, filters), order),
    [view.services, filters, order],
  );
  if (view.total === 0) {
    return (
      <Stack>
        <PartialFailure clusters={clusters} inFull />
        <EmptyAnswer>
          No cluster has a service yet that the portal can read.
        </EmptyAnswer>
      </Stack>
    );
  }
  return (
    <Stack>
      <PartialFailure clusters={clusters} inFull />
      <ObservedNotice observed={observed} />
      {view.truncated && (
        <Notice severity="info" title="Not all services are listed">
          {`The worst ${view.services.length} of ${view.total} are.`}
        </Notice>
      )}
      <MeshFilterBar filters={filters} choices={choices} onChange={setFilter} />
      <Typography variant="body2" role="status">
        {`${shown.length.toLocaleString('en-US')} of ${counted(
          view.total,
          'service',
        )}, ${(choices.states.get('fail') ?? 0).toLocaleString(
          'en-US',
        )} of all with a problem`}
      </Typography>
      {shown.length === 0 ? (
        <Stack>
          <EmptyAnswer>No service fits these filters.</EmptyAnswer>
          <div>
            <Button variant="outlined" size="small" onClick={clear}>
              Show all services
            </Button>
          </div>
        </Stack>
      ) : (
        <MeshTable services={shown} order={order} onOrder={setOrder} />
      )}
    </Stack>
  );
}

function MeshServices() {
  const query = useMeshServices();
  const { data, error } = query;
  const status = httpStatusOf(error);
  if (status === 403) {
    return <ForbiddenState permission={istioMeshReadPermission.name} />;
  }
  if (error && (!data || status === 401)) {
    return <ErrorState error={error} onRetry={() => query.refetch()} />;
  }
  if (!data) {
    return <LoadingState lines={14} label="Loading the services" />;
  }
  return (
    <Stack>
      <Services envelope={data} />
      <AgeLabel
        snapshot={data.snapshot}
        clusters={data.clusters}
        confirmedAt={query.dataUpdatedAt}
        failing={query.isError}
      />
    </Stack>
  );
}

/**
 * Every service of every cluster, worst first.
 *
 * @param props.underHeader - the frame leaves room below its header already
 */
export function MeshPageContent(props: { underHeader?: boolean }) {
  const classes = useStyles();
  return (
    <Content className={props.underHeader ? classes.underHeader : undefined}>
      <CardBoundary>
        <Box component={Paper} p={2}>
          <MeshServices />
        </Box>
      </CardBoundary>
    </Content>
  );
}
