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

import { useState } from 'react';
import { makeStyles } from '@material-ui/core/styles';
import type {
  ClusterEndpoints,
  ClustersService,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  EmptyAnswer,
  FactGrid,
  FoldedViewCard,
  PlainList,
  ProvenancePopover,
  Section,
  ServiceHeading,
  Stack,
} from '../components';
import { useClusters } from '../queries';
import { ClientSelect } from './ClientSelect';

const useStyles = makeStyles(theme => ({
  clusters: {
    display: 'grid',
    gap: theme.spacing(2),
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 320px), 1fr))',
  },
}));

type LocalityRow = ClusterEndpoints['localities'][number];

/** `1. eu-west-1/a: 2 ready`; the number is the order of use, a percentage the share. */
function localityWords({ locality, ready, rank, share }: LocalityRow): string {
  const order = rank === undefined ? '' : `${rank + 1}. `;
  const place = locality === '' ? 'place not known' : locality;
  const part =
    share === undefined ? '' : `, ${Math.round(share * 100)} % of requests`;
  return `${order}${place}: ${ready} ready${part}`;
}

/** One cluster: what is there, how the caller gets to it, and when it does. */
function Cluster(props: { endpoints: ClusterEndpoints }) {
  const { cluster, own, endpoints, network, sentence, localities } =
    props.endpoints;
  const { provenance, entrances } = props.endpoints;
  return (
    <Section title={own ? `${cluster} (the caller’s)` : cluster}>
      <FactGrid
        facts={[
          {
            label: 'Endpoints',
            value: `${endpoints.ready} of ${endpoints.total} ready`,
          },
          { label: 'Network', value: network || 'the default network' },
          {
            label: 'The way',
            value: (
              <>
                {`${sentence} `}
                <ProvenancePopover
                  subject={sentence}
                  facts={
                    provenance
                      ? [provenance]
                      : entrances.map(entrance => entrance.provenance)
                  }
                />
              </>
            ),
          },
          {
            label: 'Order of use',
            value:
              localities.length === 0 ? (
                'no endpoint'
              ) : (
                <PlainList>
                  {localities.map(locality => (
                    <li key={`${locality.rank} ${locality.locality}`}>
                      {localityWords(locality)}
                    </li>
                  ))}
                </PlainList>
              ),
          },
        ]}
      />
    </Section>
  );
}

function keyOf({ service }: ClustersService): string {
  return `${service.cluster} ${service.host}`;
}

function Order(props: { locality: ClustersService['locality'] }) {
  const { sentence, caller, provenance } = props.locality;
  return (
    <div>
      {`${sentence}. ${
        caller === undefined ? '' : `The caller runs in ${caller}. `
      }`}
      <ProvenancePopover
        subject={sentence}
        facts={provenance ? [provenance] : []}
      />
    </div>
  );
}

function Service(props: {
  answer: ClustersService;
  of: number;
  onClient: (id: string) => void;
}) {
  const classes = useStyles();
  const { answer, of, onClient } = props;
  const { service, differences, unknown } = answer;
  return (
    <Stack>
      <ServiceHeading service={service} of={of} />
      <ClientSelect
        label="As called by"
        client={answer.client}
        clients={answer.clients}
        onChange={onClient}
      />
      <div className={classes.clusters}>
        {answer.clusters.map(row => (
          <Cluster
            key={`${row.cluster} ${row.network} ${row.reach} ${row.sentence}`}
            endpoints={row}
          />
        ))}
      </div>
      <Order locality={answer.locality} />
      {differences.length > 0 && (
        <Section title="Where the Services differ">
          <PlainList>
            {differences.map(difference => (
              <li key={difference.says}>
                {`${difference.says} `}
                <ProvenancePopover
                  subject={difference.says}
                  facts={[difference]}
                />
              </li>
            ))}
          </PlainList>
        </Section>
      )}
      {unknown.length > 0 && (
        <Section title="What cannot be seen">
          <PlainList>
            {unknown.map(what => (
              <li key={what}>{what}</li>
            ))}
          </PlainList>
        </Section>
      )}
    </Stack>
  );
}

/** Does a service of the entity stand in several clusters? */
export function useConcernsClusters(): boolean {
  return (useClusters().data?.view.services.length ?? 0) > 0;
}

/** One service in several clusters: endpoints, networks, the way there and the order of use, for one caller. */
export function ClustersSection() {
  const [client, setClient] = useState<string>();
  return (
    <FoldedViewCard
      title="Clusters"
      section="clusters"
      query={useClusters(client)}
      lines={3}
      onReset={() => setClient(undefined)}
      verdictsOf={({ services }) =>
        services.map(answer => ({
          key: keyOf(answer),
          verdict: answer.verdict,
        }))
      }
    >
      {({ services }) => (
        <Stack>
          {services.length === 0 && (
            <EmptyAnswer>
              No service of this entity is in several clusters.
            </EmptyAnswer>
          )}
          {services.map(answer => (
            <Service
              key={keyOf(answer)}
              answer={answer}
              of={services.length}
              onClient={setClient}
            />
          ))}
        </Stack>
      )}
    </FoldedViewCard>
  );
}
