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

import type { ReactNode } from 'react';
import Typography from '@material-ui/core/Typography';
import { istioEntityReadPermission } from '@mesh-portal/backstage-plugin-istio-common';
import type {
  EntityViewName,
  EntityViews,
  ViewEnvelope,
} from '@mesh-portal/backstage-plugin-istio-common';
import { httpStatusOf } from '../queries';
import type { EntityViewQuery } from '../queries';
import { ConfidenceNotice } from './ConfidenceNotice';
import { ErrorState } from './ErrorState';
import { ForbiddenState } from './ForbiddenState';
import { LoadingState } from './LoadingState';
import { ObservedNotice, PartialFailure } from './PartialFailure';
import { ResolutionState } from './ResolutionState';
import { Stack } from './Stack';
import { UnannotatedState } from './UnannotatedState';

/** What a view is shown with, in every state it can have. */
export interface EntityViewBodyProps<V extends EntityViewName> {
  query: EntityViewQuery<V>;
  /** What is loaded, for screen readers: `Loading mTLS`. */
  loadingLabel: string;
  /** Lines of the skeleton: about the size of the answer. */
  lines: number;
  /** The view needs metrics or shows some: say so when they are missing. */
  metrics?: boolean;
  /** Say at length what is incomplete or was not found; otherwise on a line that opens. One card of a page is enough. */
  inFull?: boolean;
  children: (
    view: EntityViews[V],
    envelope: ViewEnvelope<EntityViews[V]>,
  ) => ReactNode;
}

/** After such an answer what was shown before must go: it is no longer this person's to see. */
function withdraws(error: unknown): boolean {
  const status = httpStatusOf(error);
  return status === 401 || status === 403 || status === 404;
}

function ViewContent<V extends EntityViewName>(props: EntityViewBodyProps<V>) {
  const { query, children } = props;
  const { data, error, isPending } = query;
  if (error && (!data || withdraws(error))) {
    return httpStatusOf(error) === 403 ? (
      <ForbiddenState permission={istioEntityReadPermission.name} />
    ) : (
      <ErrorState error={error} onRetry={() => query.refetch()} />
    );
  }
  if (isPending || !data) {
    return <LoadingState lines={props.lines} label={props.loadingLabel} />;
  }
  const { resolution } = data;
  if (resolution?.state === 'unannotated') {
    return <UnannotatedState />;
  }
  if (resolution && resolution.state !== 'resolved') {
    return (
      <Stack>
        <PartialFailure clusters={data.clusters} inFull={props.inFull} />
        <ResolutionState resolution={resolution} inFull={props.inFull} />
      </Stack>
    );
  }
  return (
    <Stack>
      <PartialFailure clusters={data.clusters} inFull={props.inFull} />
      {children(data.view, data)}
      <ConfidenceNotice confidence={data.confidence} inFull={props.inFull} />
      {props.metrics && <ObservedNotice observed={data.observed} />}
    </Stack>
  );
}

/** One view of the entity of this page: loading, failed, forbidden, unannotated, not found, partial, or the answer. */
export function EntityViewBody<V extends EntityViewName>(
  props: EntityViewBodyProps<V>,
) {
  return (
    <Typography component="div" variant="body2">
      <ViewContent {...props} />
    </Typography>
  );
}
