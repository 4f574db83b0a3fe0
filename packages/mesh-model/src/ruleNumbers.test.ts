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

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The last number of each chapter of rules. */
const LAST_OF_CHAPTER = [19, 15, 17, 28, 32, 17, 30, 27, 13];

const RULES = LAST_OF_CHAPTER.flatMap((last, chapter) =>
  Array.from({ length: last }, (_, index) => `R${chapter + 1}.${index + 1}`),
);

/** Most of chapter 9, how faults look, is about what is shown: the back end applies it. These the model applies. */
const SYMPTOMS_OF_THE_MODEL = ['R9.3', 'R9.4', 'R9.5'];

const APPLIED = RULES.filter(
  rule => !rule.startsWith('R9.') || SYMPTOMS_OF_THE_MODEL.includes(rule),
);

/** Files that tests are made of, and the folders that hold nothing else. */
const ONLY_TESTS = /\.test\.ts$|^(__testUtils__|properties|testing)$/;

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (ONLY_TESTS.test(entry.name)) {
      return [];
    }
    return entry.isDirectory() ? sourcesIn(path) : [path];
  });
}

const numbered = new Set(
  sourcesIn(__dirname).flatMap(
    path => readFileSync(path, 'utf8').match(/\bR\d\.\d+\b/g) ?? [],
  ),
);

describe('The number of a rule', () => {
  it.each(APPLIED)('%s stands where the rule is applied', rule => {
    expect([...numbered]).toContain(rule);
  });

  it('is that of a rule there is', () => {
    expect([...numbered].filter(rule => !RULES.includes(rule))).toEqual([]);
  });
});
