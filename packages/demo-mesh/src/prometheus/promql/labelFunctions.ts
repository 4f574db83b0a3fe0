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

import { Labels, labelsKey } from '../series/labels';
import { compileAnchoredRegex } from '../series/regex';
import { PromqlExecutionError } from './errors';
import { Column } from './matrix';

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** `label_replace(v, target, replacement, source, regex)`. */
export function labelReplace(
  columns: readonly Column[],
  [target, replacement, source, regex]: readonly string[],
): Column[] {
  let expression: RegExp;
  try {
    expression = compileAnchoredRegex(regex);
  } catch {
    throw new PromqlExecutionError(
      `invalid regular expression in label_replace(): ${regex}`,
    );
  }
  if (!LABEL_NAME.test(target)) {
    throw new PromqlExecutionError(
      `invalid destination label name in label_replace(): ${target}`,
    );
  }
  return relabel(columns, labels => {
    const match = expression.exec(labels[source] ?? '');
    return match
      ? withLabel(labels, target, expand(replacement, match))
      : labels;
  });
}

/** `label_join(v, target, separator, source…)`. */
export function labelJoin(
  columns: readonly Column[],
  [target, separator, ...sources]: readonly string[],
): Column[] {
  if (!LABEL_NAME.test(target)) {
    throw new PromqlExecutionError(
      `invalid destination label name in label_join(): ${target}`,
    );
  }
  return relabel(columns, labels =>
    withLabel(
      labels,
      target,
      sources.map(source => labels[source] ?? '').join(separator),
    ),
  );
}

/** Go's template rules: `$1`, `${1}`, `${name}`, `$$`; a name is as long as possible, an unknown one is empty. */
function expand(template: string, match: RegExpExecArray): string {
  return template.replace(
    /\$(?:(\$)|\{(\w+)\}|(\w+))/g,
    (_whole, dollar?: string, braced?: string, bare?: string) => {
      if (dollar) {
        return '$';
      }
      const name = braced ?? bare ?? '';
      return (
        (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? ''
      );
    },
  );
}

function withLabel(labels: Labels, name: string, value: string): Labels {
  const out: Record<string, string> = { ...labels };
  delete out[name];
  if (value !== '') {
    out[name] = value;
  }
  return out;
}

function relabel(
  columns: readonly Column[],
  change: (labels: Labels) => Labels,
): Column[] {
  const seen = new Map<string, Uint8Array>();
  return columns.map(column => {
    const labels = change(column.labels);
    const key = labelsKey(labels);
    const used = seen.get(key);
    if (used && column.present.some((there, i) => there && used[i])) {
      throw new PromqlExecutionError(
        'vector cannot contain metrics with the same labelset',
      );
    }
    seen.set(
      key,
      used ? used.map((u, i) => u || column.present[i]) : column.present,
    );
    return { ...column, labels };
  });
}
