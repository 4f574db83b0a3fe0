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

/** The largest of the numbers that are known, at least a little above zero so that a flat zero lies on the floor. */
export function scaleOf(values: Array<number | undefined>): number {
  let top = 0;
  for (const value of values) {
    if (value !== undefined && Number.isFinite(value) && value > top) {
      top = value;
    }
  }
  return top === 0 ? 1 : top;
}

/**
 * The `d` of an SVG path through evenly spaced values. A value that is not known breaks the line; a lone value
 * between two gaps becomes a dot one unit wide.
 *
 * @param values - one number a step
 * @param box - width and height in units, and the value at the top
 */
export function linePath(
  values: Array<number | undefined>,
  box: { width: number; height: number; top: number },
): string {
  const step = values.length > 1 ? box.width / (values.length - 1) : 0;
  const parts: string[] = [];
  let drawing = false;
  values.forEach((value, index) => {
    if (value === undefined || !Number.isFinite(value)) {
      drawing = false;
      return;
    }
    const x = (index * step).toFixed(1);
    const y = (box.height - 1 - (value / box.top) * (box.height - 2)).toFixed(
      1,
    );
    const nextKnown = values[index + 1] !== undefined;
    if (drawing) {
      parts.push(`L${x} ${y}`);
    } else {
      parts.push(nextKnown ? `M${x} ${y}` : `M${x} ${y}h1`);
    }
    drawing = true;
  });
  return parts.join('');
}
