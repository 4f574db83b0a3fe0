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
import { makeStyles, useTheme } from '@material-ui/core/styles';
import type { BackstageTheme } from '@backstage/theme';
import { Legend, Line } from 'recharts';
import type { SignalsService } from '@mesh-portal/backstage-plugin-istio-common';
import { CompactTable, Section } from '../components';
import { formatMoment } from '../format';
import { TimeChart } from './TimeChart';
import { beforeTitle, chartRows, chartsOf, spanOf } from './signalChartModel';
import type { ChartModel, ChartRow } from './signalChartModel';

const useStyles = makeStyles(theme => ({
  grid: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 420px), 1fr))',
    gap: theme.spacing(3),
  },
  toggle: { textTransform: 'none', marginBottom: theme.spacing(2) },
}));

/** Lines differ in dashes too, so that they can be told apart without colour. */
const DASHES = ['', '6 3', '2 3', '8 3 2 3'];

function lineColours(theme: BackstageTheme): string[] {
  return theme.palette.type === 'dark'
    ? ['#82baff', '#ffb74d', '#81c995', '#e6a3ff']
    : ['#1f5493', '#b35900', '#2e7d32', '#8e24aa'];
}

interface ChartProps {
  chart: ChartModel;
  rows: ChartRow[];
  /** for example `1h` */
  window: string;
  /** writes a moment, epoch seconds */
  formatAt: (at: number) => string;
}

function Chart(props: ChartProps & { syncId: string }) {
  const theme = useTheme<BackstageTheme>();
  const { chart, rows, window, formatAt, syncId } = props;
  const colours = lineColours(theme);
  return (
    <TimeChart
      rows={rows}
      height={200}
      formatAt={formatAt}
      format={chart.format}
      syncId={syncId}
    >
      <Legend
        itemSorter={null}
        formatter={title => (
          <span style={{ color: theme.palette.text.primary }}>{title}</span>
        )}
      />
      <Line
        dataKey="before"
        name={beforeTitle(chart, window)}
        stroke={theme.palette.textSubtle}
        strokeDasharray="1 3"
        dot={false}
        isAnimationActive={false}
      />
      {chart.lines.map((line, index) => (
        <Line
          key={line.key}
          dataKey={`values.${line.key}`}
          name={line.title}
          stroke={colours[index % colours.length]}
          strokeDasharray={DASHES[index % DASHES.length]}
          strokeWidth={1.75}
          dot={false}
          isAnimationActive={false}
        />
      ))}
    </TimeChart>
  );
}

function ChartTable(props: ChartProps) {
  const { chart, rows, window, formatAt } = props;
  return (
    <CompactTable
      caption={`${chart.title}, ${chart.unit}`}
      columns={[
        { title: 'Time', cell: (row: ChartRow) => formatAt(row.at) },
        ...chart.lines.map(line => ({
          title: line.title,
          cell: (row: ChartRow) => chart.format(row.values[line.key]),
          number: true,
        })),
        {
          title: beforeTitle(chart, window),
          cell: (row: ChartRow) => chart.format(row.before),
          number: true,
        },
      ]}
      rows={rows}
      keyOf={row => `${row.at}`}
    />
  );
}

/** A window as charts with one shared cursor, or the same as tables. */
export function SignalCharts(props: {
  service: SignalsService;
  window: string;
}) {
  const classes = useStyles();
  const { service, window } = props;
  const span = spanOf(service);
  const formatAt = (at: number) => formatMoment(at, span);
  const [asTable, setAsTable] = useState(false);
  return (
    <div>
      <Button
        size="small"
        variant="outlined"
        className={classes.toggle}
        aria-pressed={asTable}
        onClick={() => setAsTable(!asTable)}
      >
        Show charts as tables
      </Button>
      <div className={classes.grid}>
        {chartsOf(service).map(chart => {
          const rows = chartRows(service, chart);
          return (
            <Section key={chart.title} title={`${chart.title}, ${chart.unit}`}>
              {asTable ? (
                <ChartTable
                  chart={chart}
                  rows={rows}
                  window={window}
                  formatAt={formatAt}
                />
              ) : (
                <Chart
                  chart={chart}
                  rows={rows}
                  window={window}
                  formatAt={formatAt}
                  syncId={service.service.host}
                />
              )}
            </Section>
          );
        })}
      </div>
    </div>
  );
}
