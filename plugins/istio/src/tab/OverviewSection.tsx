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

import { lazy, Suspense } from 'react';
import type { ReactNode } from 'react';
import { makeStyles } from '@material-ui/core/styles';
import type {
  EntityResolution,
  Verdict,
  WorkloadMembership,
} from '@mesh-portal/backstage-plugin-istio-common';
import { OverviewAnswer } from '../cards/OverviewAnswer';
import {
  CompactTable,
  CopyableText,
  EntityViewCard,
  ProvenancePopover,
  ResolutionSteps,
  Section,
  VerdictChip,
} from '../components';
import type { CompactColumn } from '../components';
import { PROXY_WORDS } from '../format';
import { DependenciesTabLink, ServiceLinks } from '../links';
import { useOverview } from '../queries';

// On its own, so that no card waits for what the Kubernetes plugin brings along.
const KubernetesTabLink = lazy(() =>
  import('../links/KubernetesTabLink').then(module => ({
    default: module.KubernetesTabLink,
  })),
);

function proxyWords(membership: WorkloadMembership): string {
  const { proxy, wanted } = membership;
  return proxy === wanted
    ? PROXY_WORDS[proxy]
    : `${PROXY_WORDS[proxy]} (labels ask for ${PROXY_WORDS[wanted]})`;
}

const useStyles = makeStyles(theme => ({
  // The words of the button stand in line with the cell.
  asked: { marginLeft: theme.spacing(-0.75) },
}));

/** A word that opens a sentence about pods and, below it, the pods. */
function AskedPods(props: {
  ask: string;
  verdict: Verdict;
  children?: ReactNode;
}) {
  const { ask, verdict, children } = props;
  const { reason, facts } = verdict;
  const classes = useStyles();
  return (
    <div className={classes.asked}>
      <ProvenancePopover ask={ask} subject={reason} facts={facts}>
        {children}
      </ProvenancePopover>
    </div>
  );
}

const RESTARTABLE = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** The command that creates the pods of a workload anew. */
function RestartCommand({ workload }: WorkloadMembership) {
  const { kind, namespace, name } = workload;
  return RESTARTABLE.has(kind) ? (
    <CopyableText
      text={`kubectl rollout restart ${kind.toLocaleLowerCase(
        'en-US',
      )}/${name} -n ${namespace}`}
      label="Copy the command"
    />
  ) : (
    <></>
  );
}

/** More than the numbers say: which pods are not ready; that nothing checks a machine. */
function Health({ health }: WorkloadMembership) {
  switch (health.state) {
    case 'fail':
      return <AskedPods ask="Not ready" verdict={health} />;
    case 'unknown':
      return <div>{health.reason}</div>;
    default:
      return <></>;
  }
}

const COLUMNS: CompactColumn<WorkloadMembership>[] = [
  {
    title: 'Workload',
    cell: ({ workload, version }) =>
      `${workload.kind} ${workload.name}${version ? ` (${version})` : ''}`,
  },
  {
    title: 'In the mesh',
    cell: membership => (
      <>
        <VerdictChip
          state={membership.verdict.state}
          label={proxyWords(membership)}
        />{' '}
        <ProvenancePopover
          subject={membership.verdict.reason}
          facts={membership.verdict.facts}
        />
        {membership.verdict.state !== 'pass' && (
          <div>{membership.verdict.reason}</div>
        )}
      </>
    ),
  },
  {
    title: 'Pods',
    cell: membership => (
      <>
        {`${membership.pods.inMesh} of ${membership.pods.total} in the mesh, ${membership.pods.ready} ready`}
        <Health {...membership} />
      </>
    ),
  },
  {
    title: 'Proxy',
    cell: membership => (
      <>
        {[
          membership.proxyVersion,
          membership.revision && `revision ${membership.revision}`,
          membership.waypoint && `waypoint ${membership.waypoint}`,
        ]
          .filter(Boolean)
          .join(', ') || '–'}
        {membership.drift.map(verdict => (
          <AskedPods key={verdict.reason} ask="Outdated" verdict={verdict}>
            <RestartCommand {...membership} />
          </AskedPods>
        ))}
      </>
    ),
  },
  {
    title: 'Identity',
    cell: ({ principal, serviceAccount }) => principal ?? serviceAccount,
  },
];

function Lookup(props: { resolution: EntityResolution | undefined }) {
  const { resolution } = props;
  if (!resolution) {
    return <></>;
  }
  return (
    <details>
      <summary>How this entity was matched to services and workloads</summary>
      <ResolutionSteps steps={resolution.steps} />
    </details>
  );
}

/** The headline, every workload with its proxy, and how the entity was looked up. */
export function OverviewSection() {
  return (
    <EntityViewCard title="Service mesh" query={useOverview()} inFull lines={5}>
      {(view, { resolution }) => (
        <>
          <OverviewAnswer view={view} />
          <ServiceLinks services={view.services} />
          {view.workloads.length > 0 && (
            <Section title="Workloads">
              <CompactTable
                caption="Workloads and their proxies"
                columns={COLUMNS}
                rows={view.workloads}
                keyOf={({ workload }) =>
                  `${workload.cluster} ${workload.namespace} ${workload.kind} ${workload.name}`
                }
              />
              <div>
                <DependenciesTabLink>
                  Who calls it, and what it calls
                </DependenciesTabLink>
              </div>
              <Suspense fallback={<></>}>
                <KubernetesTabLink />
              </Suspense>
            </Section>
          )}
          <Lookup resolution={resolution} />
        </>
      )}
    </EntityViewCard>
  );
}
