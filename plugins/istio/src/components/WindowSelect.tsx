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

import { useId } from 'react';
import FormControl from '@material-ui/core/FormControl';
import InputLabel from '@material-ui/core/InputLabel';
import NativeSelect from '@material-ui/core/NativeSelect';
import { VisuallyHidden } from './VisuallyHidden';

/** Windows of metrics that can be chosen, in words. */
const WINDOW_WORDS: Record<string, string> = {
  '5m': 'last 5 minutes',
  '15m': 'last 15 minutes',
  '1h': 'last hour',
  '6h': 'last 6 hours',
  '1d': 'last day',
  '7d': 'last 7 days',
};

/**
 * Chooses the span that rates are of.
 *
 * @param props.loading - the answer shown is still of another window
 */
export function WindowSelect(props: {
  window: string;
  onChange: (window: string) => void;
  loading?: boolean;
}) {
  const id = useId();
  const { window, onChange, loading = false } = props;
  return (
    <FormControl>
      <InputLabel htmlFor={id}>Window</InputLabel>
      <NativeSelect
        id={id}
        value={window}
        onChange={event => onChange(event.target.value)}
      >
        {Object.entries(WINDOW_WORDS).map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </NativeSelect>
      <VisuallyHidden>
        <span role="status">{loading ? 'Loading another window' : ''}</span>
      </VisuallyHidden>
    </FormControl>
  );
}
