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
  IngressBackend,
  IngressClassSpec,
  IngressSpec,
} from './kubernetes';
import {
  demanded,
  list,
  number,
  oneOf,
  record,
  string,
  withDefault,
} from './shape';

export const ingressClassSpec = record<IngressClassSpec>({
  controller: withDefault(string, ''),
});

type IngressService = NonNullable<IngressBackend['service']>;

const ingressBackend = record<IngressBackend>({
  service: record<IngressService>({
    name: demanded(string),
    port: record<NonNullable<IngressService['port']>>({
      name: string,
      number,
    }),
  }),
});

type IngressRule = NonNullable<IngressSpec['rules']>[number];
type IngressHttp = NonNullable<IngressRule['http']>;
type IngressPath = NonNullable<IngressHttp['paths']>[number];

export const ingressSpec = record<IngressSpec>({
  ingressClassName: string,
  defaultBackend: ingressBackend,
  tls: list(
    record<{ hosts?: readonly string[]; secretName?: string }>({
      hosts: list(string),
      secretName: string,
    }),
  ),
  rules: list(
    record<IngressRule>({
      host: string,
      http: record<IngressHttp>({
        paths: list(
          record<IngressPath>({
            path: string,
            pathType: oneOf(['Exact', 'Prefix', 'ImplementationSpecific']),
            backend: demanded(ingressBackend),
          }),
        ),
      }),
    }),
  ),
});
