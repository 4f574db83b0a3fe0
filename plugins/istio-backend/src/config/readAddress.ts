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

import { invalid } from './invalidConfiguration';

/**
 * An address over HTTP, without credentials.
 *
 * @param credentialsKey - where credentials belong
 * @throws Error naming the key
 */
export function readAddress(
  text: string,
  key: string,
  credentialsKey: string,
): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid(key, 'is not a URL');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid(key, 'must begin with http:// or https://');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid(
      key,
      `must not contain credentials: write them to ${credentialsKey}`,
    );
  }
  return url;
}
