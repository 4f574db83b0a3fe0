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

import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { readMeshFilters } from './meshFilters';
import type { MeshFilters } from './meshFilters';
import { readMeshOrder, writeMeshOrder } from './meshOrder';
import type { MeshOrder } from './meshOrder';

const KEY_OF: Record<keyof MeshFilters, string> = {
  text: 'q',
  cluster: 'cluster',
  namespace: 'namespace',
  owner: 'owner',
  state: 'state',
};

/** Filters and order of the table. They live in the address, so that a view can be shared and bookmarked. */
export function useMeshAddress() {
  const [query, setQuery] = useSearchParams();
  const filters = useMemo(() => readMeshFilters(query), [query]);
  const order = useMemo(() => readMeshOrder(query), [query]);

  const set = useCallback(
    (key: string, value: string | undefined) =>
      setQuery(
        previous => {
          const next = new URLSearchParams(previous);
          if (value) {
            next.set(key, value);
          } else {
            next.delete(key);
          }
          return next;
        },
        { replace: true },
      ),
    [setQuery],
  );

  const setFilter = useCallback(
    (name: keyof MeshFilters, value: string | undefined) =>
      set(KEY_OF[name], value),
    [set],
  );
  const setOrder = useCallback(
    (next: MeshOrder) => set('sort', writeMeshOrder(next)),
    [set],
  );
  const clear = useCallback(
    () => setQuery(new URLSearchParams(), { replace: true }),
    [setQuery],
  );
  return { filters, order, setFilter, setOrder, clear };
}
