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

const AT_SERVICE: Matcher = {
  label: 'reporter',
  operator: '=~',
  value: ['destination', 'waypoint'],
};

const AT_CLIENT: Matcher = {
  label: 'reporter',
  operator: '=',
  value: 'source',
};

/**
 * The fast burn of every service, one row a service: requests per second (`all5m`, `all1h`) and those that failed
 * (`bad5m`, `bad1h`) as objectives count them. What clients report is asked for only where no proxy of the service does:
 * a row a service and reporter would be twice as many as an answer may hold.
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
    const preferred = (window: string, of: (reporter: Matcher) => string) =>
      `(${by} (${of(AT_SERVICE)}) or ${by} (${of(
        AT_CLIENT,
      )}) unless on (${SERVICE_KEY}) sum by (${SERVICE_KEY}) (${rate(window, [
        AT_SERVICE,
      ])}))`;
    const of = (window: string) => ({
      [`all${window}`]: preferred(window, reporter => rate(window, [reporter])),
      [`bad${window}`]: preferred(
        window,
        reporter =>
          `${rate(window, [reporter, ...FAILED_BY_CODE])} or ${rate(window, [
            reporter,
            ...FAILED_BY_STATUS,
          ])}`,
      ),
    });
    return { ...of('5m'), ...of('1h') };
  },
};
