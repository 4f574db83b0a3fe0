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
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { istioMeshReadPermission } from '@mesh-portal/backstage-plugin-istio-common';
import type {
  MeshServicesView,
  ViewEnvelope,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  EmptyAnswer,
  Notice,
  ObservedNotice,
  PartialFailure,
  Stack,
} from '../components';
import { counted } from '../format';
import { useMeshServices } from '../queries';
import { ListAnswer, ListPage } from './ListPage';
import { problemsInWords } from './problemsInWords';
import { MeshFilterBar } from './MeshFilterBar';
import { choicesOf, filterServices } from './meshFilters';
import { sortServices } from './meshOrder';
import { MeshTable } from './MeshTable';
import { useMeshAddress } from './useMeshAddress';

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
        )}; of all: ${problemsInWords(
          choices.states.get('fail') ?? 0,
          choices.states.get('unknown') ?? 0,
        )}`}
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
  return (
    <ListAnswer
      query={useMeshServices()}
      permission={istioMeshReadPermission.name}
      loading="Loading the services"
      lines={14}
    >
      {envelope => <Services envelope={envelope} />}
    </ListAnswer>
  );
}

/**
 * Every service of every cluster, worst first.
 *
 * @param props.underHeader - the frame leaves room below its header already
 */
export function MeshPageContent(props: { underHeader?: boolean }) {
  return (
    <ListPage underHeader={props.underHeader}>
      <MeshServices />
    </ListPage>
  );
}
