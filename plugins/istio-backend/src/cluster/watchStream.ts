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

import { ClusterRequestError, type WatchEvent } from './ClusterConnection';

const EVENT_TYPES: ReadonlySet<string> = new Set([
  'ADDED',
  'MODIFIED',
  'DELETED',
  'BOOKMARK',
  'ERROR',
]);

/** Longest single event that is accepted, in characters: etcd refuses objects of more than 1.5 MiB. */
const MAX_EVENT_LENGTH = 8 * 1024 * 1024;

function parseEvent(line: string): WatchEvent {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (cause) {
    throw new ClusterRequestError(
      'malformed',
      `The watch sent a line that is not JSON: ${line.slice(0, 80)}`,
      { cause },
    );
  }
  if (
    typeof parsed !== 'object' ||
    parsed === null ||
    !('type' in parsed) ||
    typeof parsed.type !== 'string' ||
    !EVENT_TYPES.has(parsed.type) ||
    !('object' in parsed)
  ) {
    throw new ClusterRequestError(
      'malformed',
      `The watch sent something that is not an event: ${line.slice(0, 80)}`,
    );
  }
  return { type: parsed.type as WatchEvent['type'], object: parsed.object };
}

/**
 * Splits the body of a watch into events. What arrives together comes out together, so that a burst becomes one
 * version of the snapshot.
 *
 * @throws ClusterRequestError `malformed` when a line is no event
 */
export async function* watchEvents(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly WatchEvent[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_EVENT_LENGTH) {
      throw new ClusterRequestError(
        'malformed',
        'The watch sent a line of more than 8 MiB',
      );
    }
    const events = lines.filter(line => line.trim() !== '').map(parseEvent);
    if (events.length > 0) {
      yield events;
    }
  }
}
