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

export * from './envelope';
export * from './references';
export * from './verdict';
export * from './overview';
export * from './mtls';
export * from './routes';
export * from './authorization';
export * from './slo';
export * from './signals';
export * from './dependencies';
export * from './exposure';
export * from './resilience';
export * from './external';
export * from './bindings';
export * from './clusters';
export * from './requestPath';
export * from './mesh';
export * from './triage';
