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

/**
 * Reads a body until it ends or `signal` aborts. The abort cancels the reader itself: in Node 20 the garbage collector
 * can take away the abort of a `fetch` whose headers have arrived, and the read would then wait for ever.
 */
export async function* bodyChunks(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  const cancel = () => {
    reader.cancel().catch(() => undefined);
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        signal.throwIfAborted();
        return;
      }
      yield value;
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

/** The whole body as text, under the same rules. */
export async function bodyText(
  response: Response,
  signal: AbortSignal,
): Promise<string> {
  if (response.body === null) {
    return '';
  }
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of bodyChunks(response.body, signal)) {
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
