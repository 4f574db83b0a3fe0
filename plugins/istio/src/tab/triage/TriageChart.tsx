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

import { useState } from 'react';
import Button from '@material-ui/core/Button';
import { useTheme } from '@material-ui/core/styles';
import type { BackstageTheme } from '@backstage/theme';
import { Line, ReferenceLine } from 'recharts';
import type { TriageService } from '@mesh-portal/backstage-plugin-istio-common';
import { CompactTable } from '../../components';
import { formatMoment, formatRate } from '../../format';
import { TimeChart } from '../TimeChart';

type Point = TriageService['series'][number];

const HEIGHT = 180;

/** Errors per second over the time looked at, with the beginning marked; or the same as a table. */
export function TriageChart(props: {
  series: Point[];
  beganAt: number | undefined;
}) {
  const theme = useTheme<BackstageTheme>();
  const [asTable, setAsTable] = useState(false);
  const { series, beganAt } = props;
  const span = (series.at(-1)?.at ?? 0) - (series[0]?.at ?? 0);
  const formatAt = (at: number) => formatMoment(at, span);
  return (
    <div>
      <Button
        size="small"
        variant="outlined"
        aria-pressed={asTable}
        onClick={() => setAsTable(!asTable)}
      >
        Show the chart as a table
      </Button>
      {asTable ? (
        <CompactTable
          caption="Errors and requests per second"
          columns={[
            { title: 'Time', cell: (row: Point) => formatAt(row.at) },
            {
              title: 'Errors',
              cell: (row: Point) => formatRate(row.errorsPerSecond),
              number: true,
            },
            {
              title: 'Requests',
              cell: (row: Point) => formatRate(row.requestsPerSecond),
              number: true,
            },
          ]}
          rows={series}
          keyOf={row => `${row.at}`}
        />
      ) : (
        <TimeChart
          rows={series}
          height={HEIGHT}
          formatAt={formatAt}
          format={formatRate}
        >
          {beganAt !== undefined && (
            <ReferenceLine
              x={beganAt}
              stroke={theme.palette.text.primary}
              strokeDasharray="4 3"
              label={{
                value: 'began',
                position: 'insideTopLeft',
                fill: theme.palette.text.primary,
                fontSize: 12,
              }}
            />
          )}
          <Line
            dataKey="errorsPerSecond"
            name="Errors"
            stroke={theme.palette.status.error}
            strokeWidth={1.75}
            dot={false}
            isAnimationActive={false}
          />
        </TimeChart>
      )}
    </div>
  );
}
