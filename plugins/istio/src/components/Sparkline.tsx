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

import { useTheme } from '@material-ui/core/styles';
import type { BackstageTheme } from '@backstage/theme';
import { linePath, scaleOf } from './linePath';

const WIDTH = 120;
const HEIGHT = 28;

/**
 * A small line of one number over time, the window before it faint behind. Gaps stay gaps. Both share one scale that
 * begins at zero.
 *
 * @param props.label - what it shows, in words; absent where the words stand beside it
 */
export function Sparkline(props: {
  values: Array<number | undefined>;
  previous?: Array<number | undefined>;
  label?: string;
}) {
  const theme = useTheme<BackstageTheme>();
  const { values, previous = [], label } = props;
  const top = scaleOf([...values, ...previous]);
  const accessibility = label
    ? { role: 'img', 'aria-label': label }
    : { 'aria-hidden': true };
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      width="100%"
      height={HEIGHT}
      style={{ display: 'block' }}
      {...accessibility}
    >
      <path
        d={linePath(previous, { width: WIDTH, height: HEIGHT, top })}
        fill="none"
        stroke={theme.palette.textVerySubtle}
        strokeWidth={1}
        strokeDasharray="3 2"
        vectorEffect="non-scaling-stroke"
      />
      <path
        d={linePath(values, { width: WIDTH, height: HEIGHT, top })}
        fill="none"
        stroke={theme.palette.link}
        strokeWidth={1.5}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
