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

import type { Workload } from '../membership';
import type { SlimObjectByKind } from '../objects';
import type { Decided } from '../verdict';
import { leavesOf } from './leaves';

/** A setting with which a running proxy was not started. */
export interface DriftedSetting {
  /** for example `concurrency` */
  path: string;
  /** what is configured now; absent: nothing any more */
  configured?: string;
  /** with what the proxy was started; absent: without it */
  running?: string;
  /** pods that differ */
  pods: readonly string[];
}

/**
 * Whether running proxies were started with what is configured now. `unknown`: their environment does not show it.
 * R8.18
 */
export interface ProxyConfigDrift {
  state: 'none' | 'drifted' | 'unknown';
  /** one sentence */
  says: string;
  settings: readonly DriftedSetting[];
}

/** Settings that a ProxyConfig or the annotation decides and that are compared; others may be filled in at injection. */
function isCompared(path: string): boolean {
  return (
    path === 'concurrency' ||
    path === 'image.imageType' ||
    path === 'tracing.sampling' ||
    path.startsWith('proxyMetadata[')
  );
}

function startedWith(
  pod: SlimObjectByKind['Pod'],
): ReadonlyMap<string, string> | undefined {
  const text = [...pod.spec.containers, ...pod.spec.initContainers].find(
    ({ proxyConfig }) => proxyConfig !== undefined,
  )?.proxyConfig;
  if (text === undefined) {
    return undefined;
  }
  try {
    return leavesOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Compares what is configured with the variable PROXY_CONFIG of each running proxy. R8.18 */
export function driftOf(
  workload: Workload,
  configured: ReadonlyMap<string, Decided<string>>,
): ProxyConfigDrift {
  const drifted = new Map<string, DriftedSetting>();
  let seen = 0;
  for (const pod of workload.pods) {
    const running = startedWith(pod);
    if (running === undefined) {
      continue;
    }
    seen += 1;
    const paths = new Set([...configured.keys(), ...running.keys()]);
    for (const path of [...paths].filter(isCompared).sort()) {
      const now = configured.get(path)?.value;
      const then = running.get(path);
      if (now === then) {
        continue;
      }
      const key = `${path} ${then ?? ''}`;
      drifted.set(key, {
        path,
        ...(now === undefined ? {} : { configured: now }),
        ...(then === undefined ? {} : { running: then }),
        pods: [...(drifted.get(key)?.pods ?? []), pod.metadata.name],
      });
    }
  }
  const settings = [...drifted.values()];
  if (settings.length > 0) {
    return {
      state: 'drifted',
      says: `Running proxies were started with other settings (${[
        ...new Set(settings.map(({ path }) => path)),
      ].join(
        ', ',
      )}): restart the workload so that they take what is configured.`,
      settings,
    };
  }
  return seen > 0 && seen === workload.pods.length
    ? {
        state: 'none',
        says: 'Running proxies were started with what is configured.',
        settings,
      }
    : {
        state: 'unknown',
        says: 'What running proxies were started with cannot be seen.',
        settings,
      };
}
