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

import type {
  SignalDetails,
  SignalsService,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { Capabilities } from '../../../prometheus/capabilities';
import type { SubjectsResult } from '../../../prometheus/engine';
import { requestRows } from '../../../prometheus/trafficRows';
import { baselines } from './baselines';
import { gapsOf, type GapsInput } from './gaps';
import { type DescribeClient, upstreamOf } from './upstream';

/** What the details of services are made of, beside their signals. */
export interface DetailAnswers {
  /** `servicePast`; undefined: it failed */
  past: SubjectsResult | undefined;
  /** `serviceUpstream`; undefined: it failed */
  upstream: SubjectsResult | undefined;
  capabilities: Capabilities | undefined;
}

/** The answer about a service, or why there is none. */
function answerAbout(
  answer: SubjectsResult | undefined,
  key: string,
): SubjectsResult | string {
  if (!answer) return 'The source did not answer';
  return answer.missing.get(key)?.message ?? answer;
}

/**
 * The past, the callers' circuit breakers and retries, and what is missing, of one service.
 *
 * @param key - of the service, `namespace/name`
 * @param window - answer to `serviceWindow`; undefined where it failed
 */
export function signalDetails(
  key: string,
  window: SubjectsResult | undefined,
  answers: DetailAnswers,
  signals: SignalsService,
  local: { disabled: GapsInput['disabled']; describe: DescribeClient },
): SignalDetails {
  const rows = window
    ? window.series.filter(
        ({ labels }) =>
          labels.part === 'now' &&
          `${labels.destination_service_namespace}/${labels.destination_service_name}` ===
            key,
      )
    : [];
  const requests = requestRows({ series: rows, warnings: [] });
  return {
    baselines: baselines(key, window, answerAbout(answers.past, key)),
    upstream: upstreamOf(
      key,
      answerAbout(answers.upstream, key),
      requests,
      local.describe,
    ),
    gaps: gapsOf({
      capabilities: answers.capabilities,
      rows,
      signals,
      disabled: local.disabled,
    }),
  };
}
