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

import { z } from 'zod';
import { serviceRefSchema } from './references';
import { verdictSchema } from './verdict';

/** How one objective stands (golden-signals §4). */
export const sloStateSchema = z
  .enum([
    'page',
    'ticket',
    'spent',
    'elevated',
    'ok',
    'too-little-traffic',
    'unknown',
  ])
  .describe(
    'page, ticket: the budget burns so fast that somebody should act now, or soon. spent: nothing of the budget is left. elevated: faster than the budget allows in the last hour, and no condition holds. too-little-traffic: neither good nor bad can be told. unknown: numbers are missing.',
  );

const share = z.number().describe('0 to 1');

/** One look-back window of the burn rate. */
export const sloWindowSchema = z
  .object({
    window: z.string().describe('for example 1h'),
    errorShare: share
      .optional()
      .describe('absent: no traffic, or not known: see the problems'),
    burn: z
      .number()
      .optional()
      .describe('error share over budget: 1 spends it exactly over the period'),
    requests: z.number().optional().describe('requests counted in the window'),
  })
  .meta({ id: 'SloWindow' });

/** A pair of windows that must both burn: the long one shows that it matters, the short one that it still goes on. */
export const sloConditionSchema = z
  .object({
    severity: z.enum(['page', 'ticket']),
    long: z.string(),
    short: z.string(),
    factor: z.number().describe('burn above which the condition holds'),
    outcome: z.enum(['met', 'not-met', 'too-little-traffic', 'unknown']),
  })
  .meta({ id: 'SloCondition' });

export const sloBudgetSchema = z
  .object({
    left: z
      .number()
      .optional()
      .describe('share of the error budget that is left; negative: overspent'),
    coveredSeconds: z
      .number()
      .optional()
      .describe('how much of the period there are numbers for'),
    complete: z.boolean().describe('numbers cover the whole period'),
    recorded: z
      .boolean()
      .describe('computed from the recorded series istio_gs:*'),
    exhaustedInSeconds: z
      .number()
      .optional()
      .describe('at the burn of the last hour; absent when it is not in sight'),
    reason: z.string().optional().describe('why `left` is absent'),
  })
  .meta({ id: 'SloBudget' });

export const sloObjectiveSchema = z
  .object({
    indicator: z.enum(['availability', 'latency']),
    target: z.number().describe('percent'),
    words: z.string().describe('for example: 99.9 % of requests succeed'),
    thresholdMs: z
      .number()
      .optional()
      .describe('latency only: the bucket boundary in use'),
    note: z
      .string()
      .optional()
      .describe('for example: 300 ms is no bucket boundary, 250 ms is used'),
    state: sloStateSchema,
    verdict: verdictSchema,
    windows: z.array(sloWindowSchema),
    conditions: z.array(sloConditionSchema),
    budget: sloBudgetSchema,
  })
  .meta({ id: 'SloObjective' });

/** The objectives of one service. */
export const sloServiceSchema = z
  .object({
    service: serviceRefSchema,
    origin: z.enum(['annotation', 'default', 'invalid']),
    originWords: z
      .string()
      .describe('where the targets come from, or what is wrong with them'),
    period: z.string().optional().describe('for example 30d'),
    view: z
      .enum(['server', 'client'])
      .describe('client: failures that never arrived count as bad'),
    exclude: z.array(z.string()).describe('response codes that do not count'),
    reporter: z.enum(['destination', 'waypoint', 'source', 'none']),
    state: sloStateSchema.describe('the worst of its objectives'),
    verdict: verdictSchema,
    objectives: z.array(sloObjectiveSchema),
    problems: z.array(z.string()).describe('what is missing, in words'),
  })
  .meta({ id: 'SloService' });

/** What a list shows of an objective. */
export const sloBriefSchema = z
  .object({
    state: sloStateSchema,
    target: z.number().optional().describe('percent'),
    origin: z.enum(['annotation', 'default', 'invalid']),
    burn: z.number().optional().describe('over `window`'),
    window: z.string().optional(),
    reason: z.string(),
  })
  .meta({ id: 'SloBrief' });
