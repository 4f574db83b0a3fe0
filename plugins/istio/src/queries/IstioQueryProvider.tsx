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

import type { PropsWithChildren } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import { QueryClientProvider } from '@tanstack/react-query';
import { istioQueryClientApiRef } from './istioQueryClient';

/** Gives the cards below the cache that all of them share. */
export function IstioQueryProvider(props: PropsWithChildren<{}>) {
  const client = useApi(istioQueryClientApiRef);
  return (
    <QueryClientProvider client={client}>{props.children}</QueryClientProvider>
  );
}
