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

import {
  validateProxyConfig,
  validateTrafficExtension,
  validateWasmPlugin,
} from '../../src/validation/extensions';
import {
  validateGateway,
  validateServer,
  validateServerPort,
} from '../../src/validation/gateway';
import {
  validateAbort,
  validateCors,
  validateDelay,
  validateDestination,
  validateDirectResponse,
  validateHttpStatus,
  validateRedirect,
  validateRetry,
  validateRewrite,
  validateRouteDestinations,
  validateUriRegexRewrite,
} from '../../src/validation/httpAction';
import { validateHttpRoute } from '../../src/validation/httpRoute';
import {
  validateAuthorizationPolicy,
  validatePeerAuthentication,
  validateRequestAuthentication,
  refuseDryRun,
} from '../../src/validation/security';
import { validateServerTls } from '../../src/validation/serverTls';
import {
  validateServiceEntry,
  validateWorkloadEntry,
  validateWorkloadGroup,
} from '../../src/validation/serviceEntry';
import { validateSidecar } from '../../src/validation/sidecar';
import type { SpecNode } from '../../src/validation/SpecNode';
import { validateValue } from '../../src/validation/SpecNode';
import {
  headerNameProblem,
  headerValueProblem,
  isDnsLabel,
  strictHeaderNameProblem,
  validateExportTo,
} from '../../src/validation/syntax';
import {
  validateTelemetry,
  validateTelemetryFilter,
} from '../../src/validation/telemetry';
import {
  validateConnectionPool,
  validateDestinationRule,
  validateLoadBalancer,
  validateOutlierDetection,
  validateTrafficPolicy,
} from '../../src/validation/trafficPolicy';
import { validateVirtualService } from '../../src/validation/virtualService';

/** A case of `tables/validation.json`: the object under one of several names, the verdict under one of several. */
interface ValidationCase {
  name?: string;
  in?: unknown;
  route?: unknown;
  routes?: unknown;
  redirect?: unknown;
  directResponse?: unknown;
  destination?: unknown;
  filter?: unknown;
  exportTo?: unknown;
  input?: string;
  expected?: unknown;
  bind?: string;
  namespace?: string;
  annotations?: Readonly<Record<string, string>>;
  isServiceEntry?: boolean;
  isDestinationRuleWithSelector?: boolean;
  valid?: boolean;
  out?: string;
  err?: string;
  wantErr?: boolean;
  warning?: string | boolean;
  warn?: boolean;
}

/** Namespace of the objects whose case names none. */
const NAMESPACE = 'bar';

type Check = (node: SpecNode, testCase: ValidationCase) => void;

function expectsValid(testCase: ValidationCase): boolean {
  if (testCase.valid !== undefined) {
    return testCase.valid;
  }
  if (testCase.wantErr !== undefined) {
    return !testCase.wantErr;
  }
  return (testCase.out ?? testCase.err ?? '') === '';
}

function subjectOf(testCase: ValidationCase): unknown {
  return (
    testCase.in ??
    testCase.route ??
    testCase.routes ??
    testCase.redirect ??
    testCase.directResponse ??
    testCase.destination ??
    testCase.filter ??
    testCase.exportTo
  );
}

function judge(check: Check): (testCase: unknown) => string | undefined {
  return raw => {
    const testCase = raw as ValidationCase;
    const { errors, warnings } = validateValue(subjectOf(testCase), node =>
      check(node, testCase),
    );
    const expected = expectsValid(testCase);
    if (expected !== (errors.length === 0)) {
      return expected
        ? `expected valid, got ${errors
            .map(({ path, message }) => `${path}: ${message}`)
            .join('; ')}`
        : `expected an error (${testCase.out ?? testCase.err ?? ''})`;
    }
    const warning = testCase.warning ?? testCase.warn;
    const warned = warnings.length > 0;
    return warning === undefined || Boolean(warning) === warned
      ? undefined
      : `expected ${
          warning ? `a warning (${String(warning)})` : 'no warning'
        }, got ${warnings.map(({ message }) => message).join('; ') || 'none'}`;
  };
}

function judgeText(
  problem: (text: string) => string | undefined,
): (testCase: unknown) => string | undefined {
  return raw => {
    const testCase = raw as ValidationCase;
    const found = problem(testCase.input ?? testCase.name ?? '');
    const expected =
      testCase.valid ??
      (testCase.expected === undefined || testCase.expected === null);
    return expected === (found === undefined)
      ? undefined
      : `expected ${expected ? 'valid' : 'an error'}, got ${found ?? 'valid'}`;
  };
}

/** Judges one case of `tables/validation.json`; returns what differs, `undefined` when nothing does. */
export const validationTests: Readonly<
  Record<string, (testCase: unknown) => string | undefined>
> = {
  TestValidateGateway: judge(node => validateGateway(node)),
  TestValidateServer: judge(validateServer),
  TestValidateServerPort: judge((node, { bind }) =>
    validateServerPort(node, bind ?? ''),
  ),
  TestValidateTlsOptions: judge(validateServerTls),
  TestStrictValidateHTTPHeaderName: judgeText(strictHeaderNameProblem),
  TestValidateHTTPHeaderName: judgeText(headerNameProblem),
  TestValidateHTTPHeaderValue: judgeText(headerValueProblem),
  TestValidatePortName: judgeText(name =>
    isDnsLabel(name) ? undefined : 'not a DNS label',
  ),
  TestValidateCORSPolicy: judge(validateCors),
  TestValidateHTTPStatus: judge(validateHttpStatus),
  TestValidateHTTPFaultInjectionAbort: judge(validateAbort),
  TestValidateHTTPFaultInjectionDelay: judge(validateDelay),
  TestValidateHTTPRetry: judge(validateRetry),
  TestValidateHTTPRewrite: judge(validateRewrite),
  TestValidateUriRegexRewrite: judge(validateUriRegexRewrite),
  TestValidateHTTPRedirect: judge(validateRedirect),
  TestValidateHTTPDirectResponse: judge(validateDirectResponse),
  TestValidateDestination: judge(validateDestination),
  TestValidateHTTPRoute: judge(node => validateHttpRoute(node, false)),
  TestValidateRootHTTPRoute: judge(node => validateHttpRoute(node, false)),
  TestValidateDelegateHTTPRoute: judge(node => validateHttpRoute(node, true)),
  TestValidateRouteDestination: judge(validateRouteDestinations),
  TestValidateVirtualService: judge(node =>
    validateVirtualService(node, NAMESPACE),
  ),
  TestValidateChainingVirtualService: judge(node =>
    validateVirtualService(node, NAMESPACE),
  ),
  TestValidateWorkloadEntry: judge(validateWorkloadEntry),
  TestValidateWorkloadGroup: judge(validateWorkloadGroup),
  TestValidateDestinationRule: judge(node =>
    validateDestinationRule(node, NAMESPACE),
  ),
  TestValidateTrafficPolicy: judge(validateTrafficPolicy),
  TestValidateConnectionPool: judge(validateConnectionPool),
  TestValidateLoadBalancer: judge(node =>
    validateLoadBalancer(node, node.field('outlierDetection')),
  ),
  TestValidateOutlierDetection: judge(validateOutlierDetection),
  TestValidateServiceEntries: judge(node =>
    validateServiceEntry(node, NAMESPACE),
  ),
  TestValidateAuthorizationPolicy: judge((node, { annotations }) =>
    validateAuthorizationPolicy(node, annotations ?? {}),
  ),
  TestValidateSidecar: judge(node => validateSidecar(node, NAMESPACE)),
  TestValidateRequestAuthentication: judge((node, { annotations }) => {
    refuseDryRun(node, annotations ?? {});
    validateRequestAuthentication(node);
  }),
  TestValidatePeerAuthentication: judge(validatePeerAuthentication),
  Test_validateExportTo: judge((node, testCase) =>
    validateExportTo(node, testCase.namespace ?? NAMESPACE, {
      isServiceEntry: testCase.isServiceEntry,
      hasSelector: testCase.isDestinationRuleWithSelector,
    }),
  ),
  TestValidateTelemetry: judge(validateTelemetry),
  TestValidateTelemetryFilter: judge(validateTelemetryFilter),
  TestValidateProxyConfig: judge(validateProxyConfig),
  TestValidateWasmPlugin: judge(validateWasmPlugin),
  TestValidateTrafficExtension: judge(validateTrafficExtension),
};
