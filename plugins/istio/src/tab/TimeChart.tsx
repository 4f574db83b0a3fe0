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

import type { ReactNode } from 'react';
import { useTheme } from '@material-ui/core/styles';
import type { BackstageTheme } from '@backstage/theme';
import {
  CartesianGrid,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';

/**
 * Axes, grid and tooltip of a chart over time; its lines are the children. Loads the chart library: import it lazily.
 *
 * @param props.rows - each with `at`, epoch seconds
 * @param props.formatAt - writes a moment
 * @param props.format - writes a value
 * @param props.syncId - charts with the same one share a cursor
 */
export function TimeChart<T extends { at: number }>(props: {
  rows: readonly T[];
  height: number;
  formatAt: (at: number) => string;
  format: (value: number | undefined) => string;
  syncId?: string;
  children: ReactNode;
}) {
  const { palette } = useTheme<BackstageTheme>();
  const { rows, height, formatAt, format, syncId, children } = props;
  const axis = { fill: palette.text.secondary, fontSize: 12 };
  return (
    <ResponsiveContainer width="100%" height={height}>
      <LineChart
        data={[...rows]}
        syncId={syncId}
        margin={{ top: 16, right: 16, bottom: 0, left: 0 }}
      >
        <CartesianGrid stroke={palette.divider} vertical={false} />
        <XAxis
          dataKey="at"
          type="number"
          domain={['dataMin', 'dataMax']}
          tickFormatter={formatAt}
          tick={axis}
          stroke={palette.divider}
        />
        <YAxis
          tickFormatter={format}
          tick={axis}
          stroke={palette.divider}
          width={72}
          domain={[0, 'auto']}
        />
        <Tooltip
          labelFormatter={label => formatAt(Number(label))}
          formatter={value =>
            format(typeof value === 'number' ? value : undefined)
          }
          contentStyle={{
            background: palette.background.paper,
            border: `1px solid ${palette.divider}`,
            color: palette.text.primary,
          }}
        />
        {children}
      </LineChart>
    </ResponsiveContainer>
  );
}
