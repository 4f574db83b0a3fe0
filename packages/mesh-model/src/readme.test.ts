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

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as model from '.';

interface Row {
  question: string;
  folder: string;
  /** names of functions, and of files in the folder */
  beginAt: string[];
}

function codeIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
}

/** The table that leads from a question to the code. */
const rows = readFileSync(join(__dirname, '../README.md'), 'utf8')
  .split('\n')
  .map(line => line.split('|').map(cell => cell.trim()))
  .filter(cells => cells.length === 6)
  .flatMap(([, question, folder, beginAt]): Row[] => {
    const [path] = codeIn(folder);
    return path === undefined
      ? []
      : [{ question, folder: path, beginAt: codeIn(beginAt) }];
  });

/** Types leave no trace at run time. */
const TYPES = ['Provenance', 'Verdict'];

function isThere({ folder }: Row, name: string): boolean {
  return name.endsWith('.ts')
    ? existsSync(join(__dirname, folder, name))
    : name in model || TYPES.includes(name);
}

describe('The README leads to the code', () => {
  it('for every question', () => {
    expect(rows.length).toBeGreaterThan(40);
  });

  it.each(rows)('$question', row => {
    expect(existsSync(join(__dirname, row.folder, 'index.ts'))).toBe(true);
    expect(row.beginAt.filter(name => !isThere(row, name))).toEqual([]);
  });
});
