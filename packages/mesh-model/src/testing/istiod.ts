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

/** The parts of istiod's Deployment that the model reads. */
export interface IstiodParts {
  image?: string;
  /** environment variables by name */
  env?: Readonly<Record<string, string>>;
  /** of its pods, beside `app: istiod` */
  labels?: Readonly<Record<string, string>>;
}

/** The Deployment of istiod as a YAML document, for tests; another document may follow. */
export function istiodYaml({
  image = 'istio/pilot',
  env = {},
  labels = {},
}: IstiodParts = {}): string {
  const variables = Object.entries(env).map(([name, value]) => ({
    name,
    value,
  }));
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system, labels: {app: istiod}}
spec:
  template:
    metadata: {labels: ${JSON.stringify({ app: 'istiod', ...labels })}}
    spec: {containers: [{name: discovery, image: ${JSON.stringify(
      image,
    )}, env: ${JSON.stringify(variables)}}]}
---`;
}
