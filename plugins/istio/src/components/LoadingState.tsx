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

import Skeleton from '@material-ui/lab/Skeleton';
import { Stack } from './Stack';

/**
 * Grey lines in the place of what comes, in its size, so that the page does not jump.
 *
 * @param props.lines - how many lines the answer has
 * @param props.label - what is being loaded, for screen readers
 */
export function LoadingState(props: { lines: number; label: string }) {
  return (
    <div role="status" aria-label={props.label}>
      <Stack>
        {Array.from({ length: props.lines }, (_, line) => (
          <Skeleton
            key={line}
            variant="rect"
            height={line === 0 ? 28 : 20}
            width={line === 0 ? '70%' : '100%'}
          />
        ))}
      </Stack>
    </div>
  );
}
