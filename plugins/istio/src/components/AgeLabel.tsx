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
import type { SnapshotStatus } from '@mesh-portal/backstage-plugin-istio-common';
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

/**
 * How old an answer is: the age the back end gave, plus the time since it was last confirmed.
 *
 * @param props.confirmedAt - epoch milliseconds of the last good answer
 * @param props.failing - the last attempt failed; an older answer is shown
 */
export function AgeLabel(props: {
  snapshot: SnapshotStatus;
  confirmedAt: number;
  failing: boolean;
}) {
  const { snapshot, confirmedAt, failing } = props;
  const now = useNow(5_000);
  const seconds =
    snapshot.ageSeconds + Math.max(0, (now - confirmedAt) / 1_000);
  if (snapshot.stale || failing) {
    return <StaleBadge ageSeconds={seconds} failing={failing} />;
  }
  return (
    <Typography variant="caption" color="textSecondary" component="span">
      {seconds < 10 ? 'up to date' : `as of ${formatSeconds(seconds)} ago`}
    </Typography>
  );
}
