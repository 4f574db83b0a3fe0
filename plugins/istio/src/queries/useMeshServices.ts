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

/** Every service of the mesh. Asked as often as configuration, so that a new service is seen within five seconds. */
export function useMeshServices() {
  const api = useApi(istioApiRef);
  const { configuration } = readRefreshIntervals(useApi(configApiRef));
  return useQuery({
    queryKey: ['istio', 'mesh-services'],
    queryFn: ({ signal }) => api.getMeshServices({ signal }),
    refetchInterval: configuration,
  });
}
