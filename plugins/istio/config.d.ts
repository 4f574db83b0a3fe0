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

export interface Config {
  istio?: {
    /**
     * How often open pages ask for new metrics, in seconds (default 30). Configuration is asked for every three
     * seconds, or as often as this says if that is shorter.
     *
     * @visibility frontend
     */
    refreshInterval?: number;

    /**
     * Links out of the service page and its triage. Filled in are `{{cluster}}`, `{{namespace}}`, `{{service}}`; the span
     * to look at, as `{{from}}` and `{{to}}` (epoch milliseconds), `{{fromSeconds}}`, `{{fromMicros}}`, `{{fromIso}}` and
     * the like; in triage also `{{version}}`, `{{workload}}`, `{{caller}}` and `{{query}}` (PromQL). A link that names
     * something that is not known is left out.
     */
    links?: Array<{
      /**
       * What the link says, for example `Grafana`.
       *
       * @visibility frontend
       */
      title: string;
      /**
       * The address with placeholders, for example
       * `https://grafana.example.com/d/istio-service?var-service={{service}}.{{namespace}}`.
       *
       * @visibility frontend
       */
      url: string;
    }>;
  };
}
