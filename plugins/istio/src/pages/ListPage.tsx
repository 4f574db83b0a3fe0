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
import Box from '@material-ui/core/Box';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import { Content } from '@backstage/core-components';
import type { ViewEnvelope } from '@mesh-portal/backstage-plugin-istio-common';
import type { UseQueryResult } from '@tanstack/react-query';
import {
  AgeLabel,
  CardBoundary,
  ErrorState,
  ForbiddenState,
  LoadingState,
  Stack,
} from '../components';
import { httpStatusOf } from '../queries';

const useStyles = makeStyles({
  underHeader: { '&&': { paddingTop: 0 } },
});

/**
 * The frame of a page with one list.
 *
 * @param props.underHeader - the frame of the portal leaves room below its header already
 */
export function ListPage(props: {
  underHeader?: boolean;
  children: ReactNode;
}) {
  const classes = useStyles();
  return (
    <Content className={props.underHeader ? classes.underHeader : undefined}>
      <CardBoundary>
        <Box component={Paper} p={2}>
          {props.children}
        </Box>
      </CardBoundary>
    </Content>
  );
}

/**
 * A list once it is there, with its age; until then, or when it cannot be had, why.
 *
 * @param props.permission - what the user lacks when the back end refuses
 * @param props.loading - what is loaded, for screen readers
 */
export function ListAnswer<T>(props: {
  query: UseQueryResult<ViewEnvelope<T>>;
  permission?: string;
  loading: string;
  lines: number;
  children: (envelope: ViewEnvelope<T>) => ReactNode;
}) {
  const { query, permission, loading, lines, children } = props;
  const { data, error } = query;
  const status = httpStatusOf(error);
  if (permission !== undefined && status === 403) {
    return <ForbiddenState permission={permission} />;
  }
  if (error && (!data || status === 401)) {
    return <ErrorState error={error} onRetry={() => query.refetch()} />;
  }
  if (!data) {
    return <LoadingState lines={lines} label={loading} />;
  }
  return (
    <Stack>
      {children(data)}
      <AgeLabel
        snapshot={data.snapshot}
        clusters={data.clusters}
        confirmedAt={query.dataUpdatedAt}
        failing={query.isError}
      />
    </Stack>
  );
}
