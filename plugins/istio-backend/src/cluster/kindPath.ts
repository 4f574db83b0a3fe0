import type { KindAddress, ServiceProxyTarget } from './ClusterConnection';

/** The path of the collection of a kind, for example `/apis/networking.istio.io/v1/virtualservices`. */
export function kindPath({ kind, version, namespace }: KindAddress): string {
  const root =
    kind.group === '' ? `/api/${version}` : `/apis/${kind.group}/${version}`;
  const scope =
    namespace === undefined || !kind.namespaced
      ? ''
      : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${scope}/${kind.plural}`;
}

/** The path at which the API server forwards to a port of a Service. */
export function serviceProxyPath(target: ServiceProxyTarget): string {
  const { namespace, service, port } = target;
  return `/api/v1/namespaces/${encodeURIComponent(
    namespace,
  )}/services/${encodeURIComponent(service)}:${encodeURIComponent(port)}/proxy`;
}
