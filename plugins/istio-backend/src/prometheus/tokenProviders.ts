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

import { createExtensionPoint } from '@backstage/backend-plugin-api';

/** Gives the bearer token for a request; it keeps tokens itself. */
export type PrometheusTokenProvider = () => Promise<string>;

/** Where modules add ways to get tokens, for example those of a cloud. */
export interface IstioPrometheusExtensionPoint {
  /**
   * @param name - as in `tokenProvider` of the configuration
   * @throws Error when the name is taken
   */
  addTokenProvider(name: string, provider: PrometheusTokenProvider): void;
}

/** The extension point for modules of the back end. */
export const istioPrometheusExtensionPoint =
  createExtensionPoint<IstioPrometheusExtensionPoint>({
    id: 'istio.prometheus',
  });

/** Ways to get tokens, by name. */
export class TokenProviders implements IstioPrometheusExtensionPoint {
  readonly #providers = new Map<string, PrometheusTokenProvider>();

  addTokenProvider(name: string, provider: PrometheusTokenProvider): void {
    if (this.#providers.has(name)) {
      throw new Error(`There are two token providers named '${name}'`);
    }
    this.#providers.set(name, provider);
  }

  get(name: string): PrometheusTokenProvider | undefined {
    return this.#providers.get(name);
  }
}
