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

import { InputError } from '@backstage/errors';

/** A request as a person asks about it; what is left out is filled in. */
export interface AskedRequest {
  host?: string;
  port?: number;
  method?: string;
  path?: string;
  /** one `name: value` a line */
  headers?: string;
}

/** A header as it is sent. */
export interface AskedHeader {
  name: string;
  value: string;
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const MAX_HEADERS = 50;

/**
 * The headers of a request from text, one `name: value` a line.
 *
 * @throws InputError naming the line that is none
 */
export function headersOf(text: string | undefined): AskedHeader[] {
  const lines = (text ?? '').split('\n').filter(line => line.trim() !== '');
  if (lines.length > MAX_HEADERS) {
    throw new InputError(
      `Parameter headers: at most ${MAX_HEADERS} headers, but there are ${lines.length}`,
    );
  }
  return lines.map((line, index) => {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim();
    if (colon < 1 || !TOKEN.test(name)) {
      throw new InputError(
        `Parameter headers: line ${
          index + 1
        } must be 'name: value', but is '${line.trim()}'`,
      );
    }
    return { name: name.toLowerCase(), value: line.slice(colon + 1).trim() };
  });
}
