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

import { useEffect, useState } from 'react';
import Typography from '@material-ui/core/Typography';
import type {
  ClusterStatus,
  SnapshotStatus,
} from '@mesh-portal/backstage-plugin-istio-common';
import { formatSeconds } from '../format';
import { StaleBadge } from './StaleBadge';

/** The clock, read again every `everyMs`. */
function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** Clusters that have not answered once have nothing that could be old. */
function isUnread({ state }: ClusterStatus): boolean {
  return (
    state === 'syncing' || state === 'unreachable' || state === 'unauthorized'
  );
}

/**
 * Why an answer is not fresh.
 *
 * @param seconds - age of what is shown
 * @param failing - the portal itself does not answer
 */
export function staleWords(
  clusters: ClusterStatus[],
  seconds: number,
  failing: boolean,
): string {
  const age = `Stale: ${formatSeconds(seconds)} old`;
  if (failing) {
    return `${age}, the portal does not answer`;
  }
  const unread = clusters.filter(isUnread);
  if (unread.length > 0 && clusters.every(({ state }) => state !== 'stale')) {
    const names = unread.map(({ name, title }) => title ?? name).join(', ');
    return `Not read yet: ${names}`;
  }
  return `${age}, the cluster does not answer`;
}

/**
 * How old an answer is: the age the back end gave, plus the time since it was last confirmed.
 *
 * @param props.confirmedAt - epoch milliseconds of the last good answer
 * @param props.failing - the last attempt failed; an older answer is shown
 */
export function AgeLabel(props: {
  snapshot: SnapshotStatus;
  confirmedAt: number;
  clusters: ClusterStatus[];
  failing: boolean;
}) {
  const { snapshot, clusters, confirmedAt, failing } = props;
  const now = useNow(5_000);
  const seconds =
    (snapshot.ageSeconds ?? 0) + Math.max(0, (now - confirmedAt) / 1_000);
  if (snapshot.stale || failing) {
    return <StaleBadge words={staleWords(clusters, seconds, failing)} />;
  }
  return (
    <Typography variant="caption" color="textSecondary" component="span">
      {seconds < 10 ? 'up to date' : `as of ${formatSeconds(seconds)} ago`}
    </Typography>
  );
}
