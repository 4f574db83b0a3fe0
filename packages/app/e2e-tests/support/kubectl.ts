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

import { execFileSync } from 'node:child_process';
import { environment } from './environment';

/** Runs kubectl against the cluster of the portal under test and gives its output. */
export function kubectl(args: string[], input?: string): string {
  return execFileSync(
    'kubectl',
    ['--server', environment.kubernetesUrl, ...args],
    {
      input,
      encoding: 'utf8',
      // No file of the person who runs the tests may lead elsewhere.
      env: { ...process.env, KUBECONFIG: '/dev/null' },
      timeout: 60_000,
    },
  );
}

/** The objects of `kubectl get … -o json`. */
export function getJson<T>(args: string[]): T {
  return JSON.parse(kubectl(['get', ...args, '-o', 'json'])) as T;
}

/** Applies YAML and gives a function that puts the cluster back as it was. */
export function applied(yaml: string): () => void {
  const before = kubectl(
    ['get', '--ignore-not-found', '-o', 'yaml', '-f', '-'],
    yaml,
  );
  kubectl(['apply', '--validate=false', '-f', '-'], yaml);
  return () => {
    if (before.trim() === '') {
      kubectl(['delete', '--ignore-not-found', '-f', '-'], yaml);
    } else {
      kubectl(['replace', '--validate=false', '--force', '-f', '-'], before);
    }
  };
}
