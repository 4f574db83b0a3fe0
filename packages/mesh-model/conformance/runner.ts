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

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AnalyzeAdapter,
  FileAdapter,
  FileCase,
  TableAdapter,
  TestResult,
} from './corpus';

/** All adapters, by the name of their corpus. */
export interface Adapters {
  tables: Readonly<Record<string, TableAdapter>>;
  files: Readonly<Record<string, FileAdapter>>;
  analyze?: AnalyzeAdapter;
}

/** The reason of cases that nothing judges. */
export const NO_ADAPTER = 'no adapter';

interface TableTest {
  test: string;
  fixtures?: Readonly<Record<string, unknown>>;
  cases: readonly Readonly<Record<string, unknown>>[];
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

function nameOf(testCase: Readonly<Record<string, unknown>>): string {
  const { name, testName, description, index } = testCase;
  const named = [name, testName, description].find(
    value => typeof value === 'string' && value !== '',
  );
  return String(named ?? `case ${String(index)}`);
}

function notJudged(
  corpus: string,
  test: string,
  cases: number,
  reason: string,
): TestResult {
  return {
    corpus,
    test,
    passed: 0,
    failed: 0,
    excluded: cases,
    reason,
    failures: [],
  };
}

function judgeAll<C extends Readonly<Record<string, unknown>>>(
  corpus: string,
  test: string,
  cases: readonly C[],
  judge: (testCase: C) => string | undefined,
): TestResult {
  const failures: { name: string; difference: string }[] = [];
  for (const testCase of cases) {
    let difference: string | undefined;
    try {
      difference = judge(testCase);
    } catch (error) {
      difference = `threw ${String(error)}`;
    }
    if (difference !== undefined) {
      failures.push({ name: nameOf(testCase), difference });
    }
  }
  return {
    corpus,
    test,
    passed: cases.length - failures.length,
    failed: failures.length,
    excluded: 0,
    failures,
  };
}

function runTable(
  corpus: string,
  path: string,
  adapter: TableAdapter | undefined,
): TestResult[] {
  return readJson<TableTest[]>(path).map(({ test, fixtures = {}, cases }) => {
    const reason = adapter?.excluded?.[test];
    const judge = adapter?.tests[test];
    return reason !== undefined || judge === undefined
      ? notJudged(corpus, test, cases.length, reason ?? NO_ADAPTER)
      : judgeAll(corpus, test, cases, testCase => judge(testCase, fixtures));
  });
}

function runFiles(
  corpus: string,
  directory: string,
  adapter: FileAdapter | undefined,
): TestResult[] {
  const cases = readJson<FileCase[]>(join(directory, 'manifest.json'));
  const read = (file: string) => readFileSync(join(directory, file), 'utf8');
  if (adapter === undefined) {
    return [notJudged(corpus, 'manifest', cases.length, NO_ADAPTER)];
  }
  return byReason(cases, testCase => adapter.exclusion?.(testCase, read)).map(
    ([reason, some]) =>
      reason === undefined
        ? judgeAll(corpus, 'manifest', some, testCase =>
            adapter.judge(testCase, read),
          )
        : notJudged(corpus, 'manifest', some.length, reason),
  );
}

function byReason<C>(
  cases: readonly C[],
  reasonOf: (testCase: C) => string | undefined,
): [string | undefined, C[]][] {
  const groups = new Map<string | undefined, C[]>();
  for (const testCase of cases) {
    const reason = reasonOf(testCase);
    groups.set(reason, [...(groups.get(reason) ?? []), testCase]);
  }
  return [...groups];
}

function runAnalyze(
  directory: string,
  adapter: AnalyzeAdapter | undefined,
): TestResult[] {
  const cases = readJson<Readonly<Record<string, unknown>>[]>(
    join(directory, 'cases.json'),
  );
  if (adapter === undefined) {
    return [notJudged('analyze', 'cases', cases.length, NO_ADAPTER)];
  }
  const read = (file: string) => {
    const inside = file.replace(/^testdata\//, '');
    return readFileSync(join(directory, 'testdata', inside), 'utf8');
  };
  return byReason(cases, testCase => adapter.exclusion?.(testCase)).map(
    ([reason, some]) =>
      reason === undefined
        ? judgeAll('analyze', 'cases', some, testCase =>
            adapter.judge(testCase, read),
          )
        : notJudged('analyze', 'cases', some.length, reason),
  );
}

/** Runs every corpus of a directory. Which cases there are is read from the directory alone. */
export function runConformance(
  directory: string,
  adapters: Adapters,
): TestResult[] {
  const results: TestResult[] = [];
  const tables = join(directory, 'tables');
  for (const file of existsSync(tables) ? readdirSync(tables).sort() : []) {
    if (file.endsWith('.json')) {
      const name = file.slice(0, -'.json'.length);
      results.push(
        ...runTable(
          `tables/${name}`,
          join(tables, file),
          adapters.tables[name],
        ),
      );
    }
  }
  const files = join(directory, 'files');
  for (const name of existsSync(files) ? readdirSync(files).sort() : []) {
    if (existsSync(join(files, name, 'manifest.json'))) {
      results.push(
        ...runFiles(`files/${name}`, join(files, name), adapters.files[name]),
      );
    }
  }
  const analyze = join(directory, 'analyze');
  if (existsSync(join(analyze, 'cases.json'))) {
    results.push(...runAnalyze(analyze, adapters.analyze));
  }
  return results;
}

/** The sum over a corpus. */
export interface CorpusSummary {
  corpus: string;
  passed: number;
  failed: number;
  excluded: number;
  /** passed ÷ (passed + failed); `undefined` when nothing was judged */
  rate: number | undefined;
}

/** One line a corpus. */
export function summarize(results: readonly TestResult[]): CorpusSummary[] {
  const sums = new Map<string, CorpusSummary>();
  for (const result of results) {
    const sum = sums.get(result.corpus) ?? {
      corpus: result.corpus,
      passed: 0,
      failed: 0,
      excluded: 0,
      rate: undefined,
    };
    sum.passed += result.passed;
    sum.failed += result.failed;
    sum.excluded += result.excluded;
    const judged = sum.passed + sum.failed;
    sum.rate = judged === 0 ? undefined : sum.passed / judged;
    sums.set(result.corpus, sum);
  }
  return [...sums.values()];
}

/** The share of judged cases that must pass in every corpus that has an adapter. */
export const THRESHOLD = 0.98;
