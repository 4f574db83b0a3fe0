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

import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { parseEntityRef } from '@backstage/catalog-model';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { useSearchParams } from 'react-router-dom';
import type {
  MyService,
  MyServicesView,
  ViewEnvelope,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  EmptyAnswer,
  Notice,
  ObservedNotice,
  PartialFailure,
  PlainList,
  Stack,
} from '../../components';
import { counted } from '../../format';
import { useMyServices } from '../../queries';
import { ListAnswer, ListPage } from '../ListPage';
import { problemsInWords } from '../problemsInWords';
import { MyServicesTable } from './MyServicesTable';

const useStyles = makeStyles({
  filter: { maxWidth: 320 },
});

const ALL = '';

function nameOf(ref: string): string {
  const { kind, name } = parseEntityRef(ref);
  return `${name} (${kind.toLocaleLowerCase('en-US')})`;
}

function GroupFilter(props: {
  groups: string[];
  group: string;
  onChange: (group: string) => void;
}) {
  const classes = useStyles();
  const { groups, group, onChange } = props;
  return (
    <TextField
      select
      size="small"
      variant="outlined"
      className={classes.filter}
      id="my-services-owner"
      label="Owner"
      value={group}
      onChange={event => onChange(event.target.value)}
      SelectProps={{ native: true, displayEmpty: true }}
      InputLabelProps={{ shrink: true }}
    >
      <option value={ALL}>Me and all my groups</option>
      {groups.map(ref => (
        <option key={ref} value={ref}>
          {nameOf(ref)}
        </option>
      ))}
    </TextField>
  );
}

function Unresolved(props: { unresolved: MyServicesView['unresolved'] }) {
  const { unresolved } = props;
  if (unresolved.length === 0) {
    return <></>;
  }
  return (
    <Notice
      severity="info"
      title={`${counted(
        unresolved.length,
        'entity',
        'entities',
      )} of yours without a service`}
    >
      <PlainList label="Entities without a service">
        {unresolved.map(({ entityRef, reason }) => (
          <li key={entityRef}>
            <EntityRefLink entityRef={entityRef} hideIcon />
            {`: ${reason}`}
          </li>
        ))}
      </PlainList>
    </Notice>
  );
}

/** The rows of the first answer, with the latency that came after it. */
function withLatency(
  services: MyService[],
  latency: MyServicesView | undefined,
): MyService[] {
  const p95s = new Map(
    latency?.services.map(({ service, p95 }) => [
      `${service.cluster} ${service.host}`,
      p95,
    ]),
  );
  return services.map(row => ({
    ...row,
    p95: p95s.get(`${row.service.cluster} ${row.service.host}`) ?? row.p95,
  }));
}

function Services(props: {
  envelope: ViewEnvelope<MyServicesView>;
  latency: MyServicesView | undefined;
  latencyLoading: boolean;
}) {
  const { view, clusters, observed } = props.envelope;
  if (view.entities === 0) {
    return (
      <EmptyAnswer>
        {`You own no component that the mesh can be asked about${
          view.groups.length > 0
            ? ` (owners looked for: ${view.groups.join(', ')})`
            : ''
        }. Owned are components with you or one of your groups as spec.owner and an annotation such as backstage.io/kubernetes-id.`}
      </EmptyAnswer>
    );
  }
  const having = (wanted: MyService['state']) =>
    view.services.filter(({ state }) => state === wanted).length;
  return (
    <Stack>
      <PartialFailure clusters={clusters} inFull />
      <ObservedNotice observed={observed} />
      {view.truncated && (
        <Notice severity="info" title="Not all services are listed">
          {`${view.services.length} of ${view.total} are. Choose an owner to see the others.`}
        </Notice>
      )}
      <Typography variant="body2" role="status">
        {`${counted(view.services.length, 'service')}, ${problemsInWords(
          having('fail'),
          having('unknown'),
        )}`}
      </Typography>
      {view.services.length > 0 && (
        <MyServicesTable
          services={withLatency(view.services, props.latency)}
          latency={props.latencyLoading ? 'loading' : 'there'}
        />
      )}
      <Unresolved unresolved={view.unresolved} />
    </Stack>
  );
}

function MyServices() {
  const [parameters, setParameters] = useSearchParams();
  const group = parameters.get('owner') ?? ALL;
  const { errors, latency } = useMyServices(group === ALL ? undefined : group);
  return (
    <ListAnswer query={errors} loading="Loading your services" lines={10}>
      {envelope => (
        <>
          {envelope.view.groups.length > 0 && (
            <GroupFilter
              groups={envelope.view.groups}
              group={group}
              onChange={chosen =>
                setParameters(chosen === ALL ? {} : { owner: chosen }, {
                  replace: true,
                })
              }
            />
          )}
          <Services
            envelope={envelope}
            latency={latency.data?.view}
            latencyLoading={latency.isLoading}
          />
        </>
      )}
    </ListAnswer>
  );
}

/**
 * The services of the entities the user owns, worst first.
 *
 * @param props.underHeader - the frame leaves room below its header already
 */
export function MyServicesContent(props: { underHeader?: boolean }) {
  return (
    <ListPage underHeader={props.underHeader}>
      <MyServices />
    </ListPage>
  );
}
