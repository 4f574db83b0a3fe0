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
import {
  pushContextExcluded,
  pushContextTests,
} from '../../conformance/adapters/pushContext';
import { routesTests } from '../../conformance/adapters/routes';
import type { CaseJudge } from '../../conformance/adapters/routingCase';
import { sidecarScopeTests } from '../../conformance/adapters/sidecarScope';
import { virtualServiceTests } from '../../conformance/adapters/virtualService';
import { routeSimulationTests } from '../../conformance/adapters/routeSimulation';
import { gatewayApiTests } from '../../conformance/adapters/gatewayApi';

interface Table {
  test: string;
  fixtures: Readonly<Record<string, unknown>>;
  cases: readonly { index: number; name?: string }[];
}

const directory = join(__dirname, '../../../../../shared/conformance/tables');

const CORPORA: Readonly<
  Record<
    string,
    [Readonly<Record<string, CaseJudge>>, Readonly<Record<string, string>>]
  >
> = {
  'virtual-service': [virtualServiceTests, {}],
  'push-context': [pushContextTests, pushContextExcluded],
  'sidecar-scope': [sidecarScopeTests, {}],
  routes: [routesTests, {}],
  'route-simulation': [routeSimulationTests, {}],
  'gateway-api': [gatewayApiTests, {}],
};

function judged(
  judge: CaseJudge,
  testCase: unknown,
  table: Table,
): string | undefined {
  try {
    return judge(testCase, table.fixtures);
  } catch (error) {
    return `threw ${String(error)}`;
  }
}

const present = existsSync(directory);
const corpora = present ? Object.entries(CORPORA) : [];

describe('tables of routing', () => {
  it('are judged when the corpora are beside the repository', () => {
    expect(corpora).toHaveLength(present ? 6 : 0);
  });

  for (const [corpus, [judges, excluded]] of corpora) {
    it(`pass: ${corpus}`, () => {
      const tables: readonly Table[] = JSON.parse(
        readFileSync(join(directory, `${corpus}.json`), 'utf8'),
      );
      const failures = tables.flatMap(table => {
        const judge = judges[table.test];
        if (judge === undefined) {
          return excluded[table.test] === undefined
            ? [`${table.test} has no judge`]
            : [];
        }
        return table.cases.flatMap(testCase => {
          const differs = judged(judge, testCase, table);
          return differs === undefined
            ? []
            : [
                `${table.test}[${testCase.index}] ${
                  testCase.name ?? ''
                }: ${differs}`,
              ];
        });
      });
      expect(failures).toEqual([]);
    });
  }
});
