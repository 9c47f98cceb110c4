import { type Catalog, servicesInEnvironments } from '../../catalog';
import { inconclusive, rejected } from '../../errors';
import { describeFinding, judgeConfiguration, policyFor, type ScanReport } from '../../gate';
import { type PublishedService, parseLedgerPath, type RenderedFiles, type Renderer, renderService } from '../../ledger';
import type { ConfigurationCheck } from '../check-configuration';
import { placeholderRelease } from '../render-release';

export interface ManifestGateInput {
  readonly catalog: Catalog;
  readonly renderer: Renderer;
  readonly check: ConfigurationCheck;
  /** The time that decides whether an accepted risk has expired. Default: now. */
  readonly now?: Date;
}

/** Files with the same policy: those of one service with its accepted risks, or those that all services share. */
interface Part {
  readonly service: string | undefined;
  readonly files: RenderedFiles;
}

/**
 * Checks what a publication would write with trivy and checkov, before it is written: the files that all services share, and every new or
 * changed service as if it were released, because its next release writes those manifests.
 */
export class ManifestGate {
  /** Files that passed: path → text. */
  private readonly passed = new Map<string, string>();
  private readonly acceptedFindings = new Set<string>();

  constructor(private readonly input: ManifestGateInput) {}

  /** One line per finding that the catalog accepts. Findings that are by design are not listed. */
  get accepted(): readonly string[] {
    return [...this.acceptedFindings];
  }

  /**
   * Runs the checkers once for all parts, because most of their time is their start. Files that passed before are not checked again.
   * @param files files that the publication would write
   * @param services how the publication would change each service
   * @throws BowlineError `manifests-blocked` (exit 2) with every finding, `manifests-unchecked` (exit 1) when a checker did not run
   */
  async requirePassed(files: ReadonlyMap<string, string>, services: readonly PublishedService[]): Promise<void> {
    const parts = this.parts(files, services);
    const all = new Map(parts.flatMap((part) => [...part.files]));
    if (all.size === 0) {
      return;
    }
    const reports = await this.input.check(all);
    const blocked = parts.flatMap((part) => this.judge(part, reportsOn(part, all, reports)));
    if (blocked.length > 0) {
      throw rejected(
        'manifests-blocked',
        `nothing was published, because the manifests have findings that the policy blocks:\n${blocked.join('\n')}\nFix them, or accept the risk in accepted-risks.yaml with reason, owner and expiry date.`,
      );
    }
    for (const [path, text] of all) {
      this.passed.set(path, text);
    }
  }

  private parts(files: ReadonlyMap<string, string>, services: readonly PublishedService[]): readonly Part[] {
    const { catalog, renderer } = this.input;
    const isNew = ([path, text]: readonly [string, string]) => this.passed.get(path) !== text;
    const platform = [...files].filter(([path]) => parseLedgerPath(path)?.kind === 'platform');
    const changed = new Set(
      services
        .filter(({ state, rendered }) => state === 'created' || state === 'changed' || rendered)
        .map(({ environment, service }) => `${environment}/${service}`),
    );
    const byService = new Map<string, [string, string][]>();
    for (const service of servicesInEnvironments(catalog)) {
      const { name, environment } = service;
      if (changed.has(`${environment}/${name}`)) {
        const rendered = renderService(renderer, service, placeholderRelease(name, environment));
        byService.set(name, [...(byService.get(name) ?? []), ...rendered]);
      }
    }
    return [
      { service: undefined, files: new Map(platform.filter(isNew)) },
      ...[...byService].map(([service, all]) => ({ service, files: new Map(all.filter(isNew)) })),
    ].filter((part) => part.files.size > 0);
  }

  /** @returns one line per blocking finding */
  private judge({ service }: Part, reports: readonly ScanReport[]): readonly string[] {
    const { catalog, now = new Date() } = this.input;
    const policy = policyFor(catalog.platform.findings, catalog.acceptedRisks ?? [], service);
    const verdict = judgeConfiguration(reports, policy, now);
    const owner = service ?? 'the platform';
    const reasons = verdict.reasons.map(({ code, message }) => `  ${owner}: ${code}: ${message}`);
    switch (verdict.outcome) {
      case 'inconclusive':
        throw inconclusive(
          'manifests-unchecked',
          `nothing was published, because the manifests were not checked:\n${reasons.join('\n')}`,
        );
      case 'blocked':
        return reasons;
      case 'passed':
        for (const finding of verdict.findings) {
          if (finding.decision === 'accepted' && !finding.reason.startsWith('by design')) {
            this.acceptedFindings.add(`${owner}: ${describeFinding(finding)}`);
          }
        }
        return [];
    }
  }
}

/** The findings in one part. A finding in an unknown file counts for every part, because it may be about any of them. */
function reportsOn(part: Part, all: RenderedFiles, reports: readonly ScanReport[]): readonly ScanReport[] {
  return reports.map((report) =>
    report.ok
      ? {
          ...report,
          observations: report.observations.filter(
            ({ path }) => path === undefined || part.files.has(path) || !all.has(path),
          ),
        }
      : report,
  );
}
