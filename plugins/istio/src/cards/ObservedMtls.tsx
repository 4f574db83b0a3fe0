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
import type { BackstageTheme } from '@backstage/theme';
import type { MtlsView } from '@mesh-portal/backstage-plugin-istio-common';
import { formatRate, formatShare, windowInWords } from '../format';
import { plaintextCallers } from './plaintextCallers';

const useStyles = makeStyles<BackstageTheme>(theme => ({
  number: { fontSize: '1.25rem', fontWeight: 600 },
  track: {
    maxWidth: 480,
    height: 6,
    borderRadius: 3,
    overflow: 'hidden',
    background: theme.palette.status.error,
    marginTop: theme.spacing(0.5),
  },
  encrypted: { height: '100%', background: theme.palette.status.ok },
}));

type Observed = NonNullable<MtlsView['services'][number]['observed']>;

/** The share of requests and connections that arrived encrypted, and who sent the rest. */
export function ObservedMtls(props: { observed: Observed; window?: string }) {
  const classes = useStyles();
  const { mutualTlsShare, plaintextPerSecond, callers, reason } =
    props.observed;
  if (mutualTlsShare === undefined) {
    return <div>{reason ?? 'No traffic was observed.'}</div>;
  }
  const senders = plaintextCallers(callers);
  return (
    <div>
      <span className={classes.number}>{formatShare(mutualTlsShare)}</span>
      {props.window === undefined
        ? ' of the observed traffic is mutual TLS'
        : ` of the traffic of ${windowInWords(props.window)} is mutual TLS`}
      <div className={classes.track} aria-hidden>
        <div
          className={classes.encrypted}
          style={{ width: `${mutualTlsShare * 100}%` }}
        />
      </div>
      {mutualTlsShare < 1 && (
        <div>
          {`Plaintext ${formatRate(plaintextPerSecond)}`}
          {senders.length > 0 && ` from ${senders.join(', ')}`}
        </div>
      )}
    </div>
  );
}
