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

import type { QueryResult } from '../../prometheus/response';
import {
  preferredReporter,
  type Reporter,
  requestRows,
} from '../../prometheus/trafficRows';
import { volumeOf } from './volumes';

/** Who counts a service's traffic, and at which layer. */
export interface ChosenReporter {
  reporter: Reporter | undefined;
  layer: 'http' | 'tcp' | 'none';
}

/**
 * The reporter of a service in one window: of its requests, and where there are none, of its connections.
 *
 * @param parts - names of the parts with requests and with connections opened
 */
export function chosenReporter(
  answer: QueryResult,
  key: string,
  parts: { requests: string; opened: string } = {
    requests: 'now',
    opened: 'tcpOpened',
  },
): ChosenReporter {
  const http = preferredReporter(
    requestRows(answer, [parts.requests]).filter(row => row.service === key),
  );
  if (http) return { reporter: http, layer: 'http' };
  const tcp = (['destination', 'source'] as const).find(
    each => (volumeOf(answer, parts.opened, key, each) ?? 0) > 0,
  );
  return { reporter: tcp, layer: tcp ? 'tcp' : 'none' };
}
