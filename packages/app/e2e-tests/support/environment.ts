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

/** Value of an environment variable that `npm run test:e2e` sets. */
function required(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(
      `${name} is not set: run the browser tests with npm run test:e2e`,
    );
  }
  return value;
}

/** Where the portal under test and the sources of its facts are. */
export const environment = {
  portalUrl: required('E2E_PORTAL_URL'),
  backendUrl: required('E2E_BACKEND_URL'),
  kubernetesUrl: required('E2E_KUBERNETES_URL'),
  prometheusUrl: required('E2E_PROMETHEUS_URL'),
  prometheusSwitchUrl: required('E2E_PROMETHEUS_SWITCH'),
  chromiumPath: required('CHROMIUM_PATH'),
};
