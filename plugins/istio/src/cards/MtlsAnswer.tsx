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

import { makeStyles } from '@material-ui/core/styles';
import type {
  MtlsPort,
  MtlsView,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  EmptyAnswer,
  FactGrid,
  ProvenancePopover,
  ServiceHeading,
  Stack,
  VerdictIcon,
  VerdictLine,
} from '../components';
import {
  counted,
  nameOfObject,
  PATH_OUTCOME_WORDS,
  SERVER_MODE_WORDS,
  TRANSPORT_WORDS,
} from '../format';
import { groupPaths } from './mtlsPathGroups';
import type { MtlsPathGroup } from './mtlsPathGroups';
import { ObservedMtls } from './ObservedMtls';

const useStyles = makeStyles(theme => ({
  port: {
    paddingTop: theme.spacing(1),
    borderTop: `1px solid ${theme.palette.divider}`,
  },
  title: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(0.5),
  },
  name: { fontWeight: 600 },
  mode: {
    padding: theme.spacing(0, 1),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    fontWeight: 600,
    fontSize: theme.typography.caption.fontSize,
  },
}));

function namesOf(group: MtlsPathGroup): string {
  const [first, second] = group.paths.map(path => path.client.label);
  if (group.paths.length === 1) {
    return first;
  }
  return group.paths.length === 2
    ? `${first}, ${second}`
    : `${first} and ${counted(group.paths.length - 1, 'other')}`;
}

function ClientsSend(props: { port: MtlsPort }) {
  const groups = groupPaths(props.port.paths);
  if (groups.length === 0) {
    return <>no client is known</>;
  }
  return (
    <>
      {groups.map(group => (
        <div key={`${group.sends} ${group.outcome}`}>
          {`${TRANSPORT_WORDS[group.sends]}, ${
            PATH_OUTCOME_WORDS[group.outcome]
          } – ${namesOf(group)} `}
          <ProvenancePopover
            subject={`What ${namesOf(group)} sends to port ${props.port.port}`}
            facts={group.paths.flatMap(path =>
              path.provenance
                ? [path.provenance, ...path.verdict.facts]
                : path.verdict.facts,
            )}
          />
        </div>
      ))}
    </>
  );
}

/** One port: what the server accepts, what clients send, which policy decided. */
export function MtlsPortAnswer(props: { port: MtlsPort }) {
  const classes = useStyles();
  const { port } = props;
  return (
    <div className={classes.port}>
      <div className={classes.title}>
        <VerdictIcon state={port.verdict.state} />
        <span className={classes.name}>{`Port ${port.port}`}</span>
        <span>{`${port.name || 'unnamed'} · ${port.protocol}`}</span>
        <span className={classes.mode}>{port.serverMode}</span>
      </div>
      <FactGrid
        facts={[
          { label: 'Server', value: SERVER_MODE_WORDS[port.serverMode] },
          { label: 'Clients', value: <ClientsSend port={port} /> },
          {
            label: 'Decided by',
            value: port.serverModeBy ? (
              <>
                {nameOfObject(port.serverModeBy.object)}{' '}
                <ProvenancePopover
                  subject={`${port.serverMode} on port ${port.port}`}
                  facts={[port.serverModeBy]}
                />
              </>
            ) : (
              'no policy: the default of the mesh'
            ),
          },
        ]}
      />
    </div>
  );
}

/** Verdict first, then port by port, then what was observed. */
export function MtlsAnswer(props: { view: MtlsView; window?: string }) {
  const { services } = props.view;
  if (services.length === 0) {
    return (
      <EmptyAnswer>
        This entity has no service, so no port that could be encrypted.
      </EmptyAnswer>
    );
  }
  return (
    <Stack>
      {services.map(answer => (
        <Stack key={`${answer.service.cluster} ${answer.service.host}`}>
          <ServiceHeading service={answer.service} of={services.length} />
          <VerdictLine strong verdict={answer.verdict} />
          {answer.observed && (
            <ObservedMtls observed={answer.observed} window={props.window} />
          )}
          {answer.ports.map(port => (
            <MtlsPortAnswer key={port.port} port={port} />
          ))}
        </Stack>
      ))}
    </Stack>
  );
}
