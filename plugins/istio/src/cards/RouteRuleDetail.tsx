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

import type {
  EffectiveSetting,
  RouteRule,
} from '@mesh-portal/backstage-plugin-istio-common';
import { FactGrid, ProvenancePopover } from '../components';

/** A setting in effect, with where it comes from. */
export function SettingValue(props: { setting: EffectiveSetting }) {
  const { setting } = props;
  return (
    <>
      {setting.isDefault ? `${setting.value} (default)` : setting.value}{' '}
      <ProvenancePopover
        subject={`${setting.setting}: ${setting.value}`}
        facts={setting.provenance ? [setting.provenance] : []}
      />
    </>
  );
}

function settingFact(
  label: string,
  setting: EffectiveSetting | undefined,
  shown: boolean | undefined,
) {
  return setting && shown
    ? { label, value: <SettingValue setting={setting} /> }
    : undefined;
}

/**
 * What else a rule does to a request. A fault is always shown: it harms on purpose.
 *
 * @param props.full - also what is only of interest in detail
 */
export function RouteRuleDetail(props: { rule: RouteRule; full?: boolean }) {
  const { rule, full } = props;
  return (
    <FactGrid
      facts={[
        settingFact('Fault', rule.fault, true),
        settingFact('Timeout', rule.timeout, full),
        settingFact('Retries', rule.retries, full),
        full && rule.mirrors.length > 0
          ? { label: 'Mirrored to', value: rule.mirrors.join(', ') }
          : undefined,
        full && rule.rewrite
          ? { label: 'Rewrite', value: rule.rewrite }
          : undefined,
        full && rule.headers.length > 0
          ? { label: 'Headers', value: rule.headers.join('; ') }
          : undefined,
      ]}
    />
  );
}
