import { checkObjects, parseObjects, type ReportedFinding, type Rule } from '../../../charts/rules';

/** A Canary with its objects that has no findings. One field per line, so that tests can change single lines. */
export const validManifests = `apiVersion: flagger.app/v1beta1
kind: Canary
metadata:
  name: web
  namespace: shop
  annotations:
    bowline.dev/requests-per-second: "200"
    bowline.dev/rollback-budget: 60s
    argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm
spec:
  provider: gatewayapi:v1
  progressDeadlineSeconds: 45
  revertOnDeletion: true
  targetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  autoscalerRef: { apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, name: web }
  service: { port: 8080 }
  analysis:
    interval: 10s
    threshold: 3
    stepWeights: [5, 10, 25, 50]
    metrics:
      - name: errors
        interval: 20s
        thresholdRange: { max: 1 }
        templateRef: { name: web-errors, namespace: shop }
    webhooks:
      - name: hook
        type: rollback
        url: http://agent.bowline/rollback
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  progressDeadlineSeconds: 45
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels: { app: web }
      annotations: { team: shop }
    spec:
      containers:
        - name: web
          image: registry.example.com/web@sha256:${'1'.repeat(64)}
          env: [{ name: GOMEMLIMIT, value: "1932735283" }]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: web-canary, namespace: shop }
spec:
  selector: { matchLabels: { app: web-canary } }
  endpoints: [{ port: http, interval: 5s }]
---
apiVersion: flagger.app/v1beta1
kind: MetricTemplate
metadata: { name: web-errors, namespace: shop }
spec:
  provider: { type: prometheus, address: http://prometheus:9090 }
  query: |
    100 * (sum(rate(http_requests_total{job="{{ target }}-canary",code=~"5.."}[{{ interval }}]))
        or on() 0 * sum(rate(http_requests_total{job="{{ target }}-canary",code!=""}[{{ interval }}])))
      / clamp_min(sum(rate(http_requests_total{job="{{ target }}-canary"}[{{ interval }}])), 1e-9)
`;

/** The valid manifests with one text replaced. @throws Error if they do not contain it */
export function validManifestsWith(was: string, is: string): string {
  if (!validManifests.includes(was)) {
    throw new Error(`the valid manifests do not contain ${was}`);
  }
  return validManifests.replace(was, is);
}

/** The findings of rules in files named file-0.yaml, file-1.yaml, …. */
export function findings(rules: Rule | readonly Rule[], ...files: readonly string[]): readonly ReportedFinding[] {
  const objects = files.flatMap((text, index) => parseObjects(`file-${index}.yaml`, text).objects);
  return checkObjects(objects, 'id' in rules ? [rules] : rules);
}

/** The text of a line, counted from 1. */
export function lineOf(text: string, line: number): string {
  return (text.split('\n')[line - 1] ?? '').trim();
}

/** The single finding of a rule, with the text of its line. @throws Error if there are more or none */
export function onlyFinding(rule: Rule, text: string): ReportedFinding & { readonly at: string } {
  const found = findings(rule, text);
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`${rule.id} has ${found.length} findings: ${JSON.stringify(found)}`);
  }
  return { ...found[0], at: lineOf(text, found[0].place.line) };
}
