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

/** A signal that ends a request; `release` when the request is over. */
export interface Deadline {
  readonly signal: AbortSignal;
  release(): void;
}

/**
 * A signal that aborts with another (if there is one), or after `ms` milliseconds. It holds on to what it needs, which
 * `AbortSignal.any` does not in Node 20: there the garbage collector can take an abort away.
 */
export function deadline(
  parent: AbortSignal | undefined,
  ms: number,
): Deadline {
  const controller = new AbortController();
  const abort = () => controller.abort(parent?.reason);
  const timer = setTimeout(
    () => controller.abort(new Error(`no answer within ${ms} ms`)),
    ms,
  );
  timer.unref();
  if (parent?.aborted) {
    abort();
  } else {
    parent?.addEventListener('abort', abort, { once: true });
  }
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      parent?.removeEventListener('abort', abort);
    },
  };
}
