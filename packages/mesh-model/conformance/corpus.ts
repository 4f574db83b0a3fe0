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

/** Judges one case of a table: what differs from the expected result, `undefined` when nothing does. */
export type TableJudge = (
  testCase: unknown,
  fixtures: Readonly<Record<string, unknown>>,
) => string | undefined;

/** Judges the cases of `tables/<name>.json`, test by test. */
export interface TableAdapter {
  tests: Readonly<Record<string, TableJudge>>;
  /** Tests of the table that ask for something the model does not represent, each with the reason. */
  excluded?: Readonly<Record<string, string>>;
}

/** An entry of `files/<name>/manifest.json`. */
export interface FileCase {
  name: string;
  input: string;
  expected: string | readonly string[];
  [field: string]: unknown;
}

/** Judges the cases of `files/<name>/`. `read` gives the text of a file beside the manifest. */
export interface FileAdapter {
  judge: (
    testCase: FileCase,
    read: (file: string) => string,
  ) => string | undefined;
  /** Why a case is not judged, by what it holds: the reason, or `undefined` when it is. */
  exclusion?: (
    testCase: FileCase,
    read: (file: string) => string,
  ) => string | undefined;
}

/** Judges the cases of `analyze/cases.json`. `read` gives the text of a file below `analyze/testdata`. */
export interface AnalyzeAdapter {
  judge: (
    testCase: Readonly<Record<string, unknown>>,
    read: (file: string) => string,
  ) => string | undefined;
  /** Why a case is not judged: the reason, or `undefined` when it is. */
  exclusion?: (
    testCase: Readonly<Record<string, unknown>>,
  ) => string | undefined;
}

/** What a run of one test (of a table), or of one corpus of files, gave. */
export interface TestResult {
  corpus: string;
  test: string;
  passed: number;
  failed: number;
  excluded: number;
  /** Why the cases are excluded; `no adapter` when nothing judges them. */
  reason?: string;
  failures: readonly { name: string; difference: string }[];
}
