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

import type { ClusterConnection } from '../../cluster';
import type { PrometheusConfig } from '../../config';
import type { PrometheusTransport } from '../PrometheusClient';
import { PrometheusError } from '../response';
import type { TokenProviders } from '../tokenProviders';
import {
  type Authorizer,
  bearerFileAuthorizer,
  NO_AUTHORIZER,
  providedTokenAuthorizer,
} from './Authorizer';
import { HttpAgent } from './HttpAgent';
import { OAuth2Authorizer } from './OAuth2Authorizer';
import { serviceProxyTransport } from './serviceProxyTransport';
import { type AwsCredentialsOf, sigV4Authorizer } from './SigV4Authorizer';
import { urlTransport } from './urlTransport';

export interface CreateTransportOptions {
  config: PrometheusConfig;
  cluster: string;
  connection: () => ClusterConnection | undefined;
  /** absent: this process knows no AWS credentials */
  awsCredentialsOf?: AwsCredentialsOf;
  tokenProviders?: TokenProviders;
}

/** The way to a source, as its block of the configuration says. */
export function createTransport(
  options: CreateTransportOptions,
): PrometheusTransport {
  const { config, cluster, connection } = options;
  const { url, headers, tls, allowedAddresses, service } = config;
  if (!url) return serviceProxyTransport(connection, cluster, service);
  const agent = new HttpAgent({ tls, allowedAddresses });
  return urlTransport({
    url,
    headers,
    allowedAddresses,
    agent,
    authorizer: authorizerOf(options, agent),
  });
}

function authorizerOf(
  {
    config,
    awsCredentialsOf = noAwsCredentials,
    tokenProviders,
  }: CreateTransportOptions,
  agent: HttpAgent,
): Authorizer {
  const { authentication, allowedAddresses } = config;
  switch (authentication.type) {
    case 'bearer-file':
      return bearerFileAuthorizer(authentication.file);
    case 'provider':
      return providedTokenAuthorizer(
        authentication.name,
        tokenProviders?.get(authentication.name),
      );
    case 'oauth2':
      return new OAuth2Authorizer(authentication, { agent, allowedAddresses });
    case 'sigv4':
      return sigV4Authorizer(authentication, awsCredentialsOf);
    default:
      return NO_AUTHORIZER;
  }
}

async function noAwsCredentials(): Promise<never> {
  throw new PrometheusError('unauthorized', 'there are no AWS credentials');
}
