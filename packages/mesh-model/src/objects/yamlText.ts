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

import { parseDocument } from 'yaml';

/** What a YAML text holds, or why it holds nothing. */
export type YamlReading = { value: unknown } | { problem: string };

/**
 * Reads YAML that people wrote into a field. Never throws: a text that is no YAML, an alias without an anchor, or aliases
 * that multiply without end are a problem in one line.
 */
export function readYaml(text: string): YamlReading {
  const document = parseDocument(text, { uniqueKeys: false });
  if (document.errors.length > 0) {
    return { problem: document.errors[0].message.split('\n')[0] };
  }
  try {
    return { value: document.toJS() };
  } catch (error) {
    return {
      problem: error instanceof Error ? error.message : String(error),
    };
  }
}
