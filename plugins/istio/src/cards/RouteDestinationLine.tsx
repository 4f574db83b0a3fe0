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
import { stringifyEntityRef } from '@backstage/catalog-model';
import { EntityRefLink, useEntity } from '@backstage/plugin-catalog-react';
import type { RouteDestination } from '@mesh-portal/backstage-plugin-istio-common';
import { ProvenancePopover, VerdictIcon, WeightBar } from '../components';
import { counted, formatShare } from '../format';

const useStyles = makeStyles(theme => ({
  line: { padding: theme.spacing(0.5, 0), maxWidth: 560 },
  name: { fontWeight: 600, overflowWrap: 'anywhere' },
  link: { textDecoration: 'underline' },
  numbers: { fontVariantNumeric: 'tabular-nums' },
  remark: {
    display: 'flex',
    gap: theme.spacing(0.5),
    marginTop: theme.spacing(0.25),
    '& svg': { fontSize: '1.1rem' },
  },
}));

/** `reviews.bookinfo.svc.cluster.local` is `reviews` to its own page; other hosts stay whole. */
function shortHost(host: string): string {
  const [name, namespace, svc] = host.split('.');
  return svc === 'svc' ? `${name}.${namespace}` : host;
}

function nameOf(destination: RouteDestination): string {
  const port = destination.port === undefined ? '' : `:${destination.port}`;
  const subset =
    destination.subset === undefined ? '' : ` · subset ${destination.subset}`;
  return `${shortHost(destination.host)}${port}${subset}`;
}

function podsOf(destination: RouteDestination): string | undefined {
  const { readyPods, totalPods } = destination;
  if (readyPods === undefined) {
    return undefined;
  }
  return totalPods === undefined || totalPods === readyPods
    ? counted(readyPods, 'ready pod')
    : `${readyPods} of ${counted(totalPods, 'pod')} ready`;
}

/** One destination of a rule: configured weight and observed share side by side, and the pods behind it. */
export function RouteDestinationLine(props: { destination: RouteDestination }) {
  const classes = useStyles();
  const { destination } = props;
  const own = stringifyEntityRef(useEntity().entity);
  const { observed, verdict } = destination;
  const share =
    observed?.share === undefined
      ? 'not observed'
      : `${formatShare(observed.share)} observed`;
  const pods = podsOf(destination);
  const facts = destination.provenance
    ? [destination.provenance, ...verdict.facts]
    : verdict.facts;
  return (
    <div className={classes.line}>
      <div>
        {destination.entityRef && destination.entityRef !== own ? (
          <EntityRefLink
            entityRef={destination.entityRef}
            title={nameOf(destination)}
            className={`${classes.name} ${classes.link}`}
          />
        ) : (
          <span className={classes.name}>{nameOf(destination)}</span>
        )}
        {pods && ` · ${pods}`}{' '}
        <ProvenancePopover
          subject={`Destination ${nameOf(destination)}`}
          facts={facts}
        />
      </div>
      <div className={classes.numbers}>
        {`${destination.configuredWeight} % configured · ${share}`}
      </div>
      <WeightBar
        configured={destination.configuredWeight}
        observed={observed?.share}
      />
      {verdict.state !== 'pass' && verdict.state !== 'not-applicable' && (
        <div className={classes.remark}>
          <VerdictIcon state={verdict.state} />
          {verdict.reason}
        </div>
      )}
      {observed?.state === 'differs' && (
        <div className={classes.remark}>
          <VerdictIcon state="unknown" />
          <div>
            <strong>Differs from the weight:</strong> {observed.reason}
          </div>
        </div>
      )}
    </div>
  );
}
