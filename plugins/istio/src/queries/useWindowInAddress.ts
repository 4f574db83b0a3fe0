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

import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

const KEY = 'window';
const DEFAULT = '1h';
const WINDOWS: ReadonlySet<string> = new Set([
  '5m',
  '15m',
  '1h',
  '6h',
  '1d',
  '7d',
]);

/** The window of metrics, kept in the address so that what is looked at can be shared. An unknown one is the default. */
export function useWindowInAddress(): [string, (window: string) => void] {
  const [query, setQuery] = useSearchParams();
  const wanted = query.get(KEY);
  const set = useCallback(
    (window: string) =>
      setQuery(
        previous => {
          const next = new URLSearchParams(previous);
          if (window === DEFAULT) next.delete(KEY);
          else next.set(KEY, window);
          return next;
        },
        { replace: true },
      ),
    [setQuery],
  );
  return [wanted !== null && WINDOWS.has(wanted) ? wanted : DEFAULT, set];
}
