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

/** Part of a query that answers several questions at once: rows carry the label `part` with this name. */
export interface Part {
  name: string;
  expression: string;
}

/** One expression of several, each of whose rows says in the label `part` which one it comes from. */
export function union(parts: readonly Part[]): string {
  return parts
    .map(
      ({ name, expression }) =>
        `label_replace(${expression},"part","${name}","","")`,
    )
    .join(' or ');
}

/** The labels that name a service in the metrics: its short name, because the host may be missing (golden-signals §1). */
export const SERVICE_LABELS =
  'destination_service_namespace,destination_service_name';
