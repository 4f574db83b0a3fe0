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

import { configApiRef, useApi } from '@backstage/core-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { istioApiRef } from '../api';
import { readRefreshIntervals } from './refreshIntervals';

/**
 * The services the user owns: errors first, latency in a second question once they are there.
 *
 * @param group - entity ref of one owner; absent: all the user owns by
 */
export function useMyServices(group?: string) {
  const api = useApi(istioApiRef);
  const { signals } = readRefreshIntervals(useApi(configApiRef));
  const errors = useQuery({
    queryKey: ['istio', 'my-services', group, 'errors'],
    queryFn: ({ signal }) => api.getMyServices({ group, signal }),
    refetchInterval: signals,
  });
  const latency = useQuery({
    queryKey: ['istio', 'my-services', group, 'latency'],
    queryFn: ({ signal }) =>
      api.getMyServices({ group, latency: true, signal }),
    enabled: errors.isSuccess && errors.data.view.services.length > 0,
    refetchInterval: signals,
  });
  return { errors, latency };
}
