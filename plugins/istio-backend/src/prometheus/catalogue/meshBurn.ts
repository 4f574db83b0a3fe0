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

import { type Matcher, selector } from '../selector';
import { FAILED_BY_CODE, FAILED_BY_STATUS, NOT_INJECTED } from './badRequests';
import { NO_PSEUDO_SERVICES } from './pseudoServices';
import { SERVICE_KEY, type SourceTemplate } from './template';

/** How long the burn of the whole mesh is fresh: it is asked for once, for all who look. */
const FRESH_SECONDS = 60;

/**
 * The fast burn of every service, one row a service and reporter: requests per second (`all5m`, `all1h`) and those that
 * failed (`bad5m`, `bad1h`) as objectives count them.
 */
export const meshBurn: SourceTemplate<Record<string, never>> = {
  name: 'mesh-burn',
  freshSeconds: () => FRESH_SECONDS,
  parts: scope => {
    const rate = (window: string, more: readonly Matcher[]) =>
      `rate(${selector(
        'istio_requests_total',
        [NO_PSEUDO_SERVICES, NOT_INJECTED, ...more],
        scope,
      )}[${window}])`;
    const by = `sum by (reporter, ${SERVICE_KEY})`;
    const of = (window: string) => ({
      [`all${window}`]: `${by} (${rate(window, [])})`,
      [`bad${window}`]: `${by} (${rate(window, FAILED_BY_CODE)} or ${rate(
        window,
        FAILED_BY_STATUS,
      )})`,
    });
    return { ...of('5m'), ...of('1h') };
  },
};
