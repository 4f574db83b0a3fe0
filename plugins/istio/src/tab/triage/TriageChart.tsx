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
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { TriageService } from '@mesh-portal/backstage-plugin-istio-common';
import { CompactTable } from '../../components';
import { formatMoment, formatRate } from '../../format';

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
  const axis = { fill: theme.palette.text.secondary, fontSize: 12 };
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
        <ResponsiveContainer width="100%" height={HEIGHT}>
          <LineChart
            data={series}
            margin={{ top: 16, right: 16, bottom: 0, left: 0 }}
          >
            <CartesianGrid stroke={theme.palette.divider} vertical={false} />
            <XAxis
              dataKey="at"
              type="number"
              domain={['dataMin', 'dataMax']}
              tickFormatter={formatAt}
              tick={axis}
              stroke={theme.palette.divider}
            />
            <YAxis
              tickFormatter={formatRate}
              tick={axis}
              stroke={theme.palette.divider}
              width={72}
              domain={[0, 'auto']}
            />
            <Tooltip
              labelFormatter={label => formatAt(Number(label))}
              formatter={value =>
                formatRate(typeof value === 'number' ? value : undefined)
              }
              contentStyle={{
                background: theme.palette.background.paper,
                border: `1px solid ${theme.palette.divider}`,
                color: theme.palette.text.primary,
              }}
            />
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
          </LineChart>
        </ResponsiveContainer>
      )}
    </div>
  );
}
