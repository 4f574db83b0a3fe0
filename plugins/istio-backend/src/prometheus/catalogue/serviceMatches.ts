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

import type { LabelMatch } from '../selector';

/** A service as the metrics name it. */
export interface MeteredService {
  namespace: string;
  name: string;
}

/**
 * Matches at least these services; with several namespaces also pairs that were not asked for, which the reader drops.
 */
export function serviceMatches(
  services: readonly MeteredService[],
): LabelMatch[] {
  return [
    {
      label: 'destination_service_namespace',
      oneOf: services.map(({ namespace }) => namespace),
    },
    {
      label: 'destination_service_name',
      oneOf: services.map(({ name }) => name),
    },
  ];
}
