import { type Catalog, servicesInEnvironments } from '../catalog';
import { inconclusive, rejected } from '../errors';
import { describeFinding, judgeConfiguration, policyFor, type ScanReport } from '../gate';
import { type PublishedService, parseLedgerPath, type RenderedFiles, type Renderer, renderService } from '../ledger';
import type { ConfigurationCheck } from './check-configuration';
import { placeholderRelease } from './gitops/render-release';

export interface ManifestGateInput {
  readonly catalog: Catalog;
  readonly renderer: Renderer;
  readonly check: ConfigurationCheck;
  /** The time against which accepted risks grow old. Default: now. */
  readonly now?: Date;
}

/** Files that one policy is for: a service's, with the risks that are accepted for it, or what all share, without those. */
interface Part {
  readonly service: string | undefined;
  readonly files: RenderedFiles;
}

/**
 * Holds what a publication would bring into the ledger against trivy and checkov, before anything is written there: what the platform shares,
 * and every new or changed service as if it were released, since its next release would bring just that.
 */
export class ManifestGate {
  private readonly passed = new Map<string, string>();
  private readonly notes = new Set<string>();

  constructor(private readonly input: ManifestGateInput) {}

  /** A line for each finding that somebody has accepted in the catalog. What is by design is told nowhere: it is so everywhere. */
  get accepted(): readonly string[] {
    return [...this.notes];
  }

  /**
   * One run of the checkers over all parts: most of their time is their start. What has passed once is not checked again.
   * @param files that would be written
   * @param services what would become of each
   * @throws BowlineError `manifests-blocked` (exit 2) with every finding, `manifests-unchecked` (exit 1) when a checker did not do its work
   */
  async requireSound(files: ReadonlyMap<string, string>, services: readonly PublishedService[]): Promise<void> {
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
        `what would come into the ledger has findings that the policy stops at, so nothing was published:\n${blocked.join('\n')}\nMend it, or accept the risk in accepted-risks.yaml with reason, owner and last day.`,
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
    const touched = new Set(
      services
        .filter(({ state, rendered }) => state === 'created' || state === 'changed' || rendered)
        .map(({ environment, service }) => `${environment}/${service}`),
    );
    const byService = new Map<string, [string, string][]>();
    for (const service of servicesInEnvironments(catalog)) {
      const { name, environment } = service;
      if (touched.has(`${environment}/${name}`)) {
        const rendered = renderService(renderer, service, placeholderRelease(name, environment));
        byService.set(name, [...(byService.get(name) ?? []), ...rendered]);
      }
    }
    return [
      { service: undefined, files: new Map(platform.filter(isNew)) },
      ...[...byService].map(([service, all]) => ({ service, files: new Map(all.filter(isNew)) })),
    ].filter((part) => part.files.size > 0);
  }

  /** @returns the reasons to stop, as lines */
  private judge({ service }: Part, reports: readonly ScanReport[]): readonly string[] {
    const { catalog, now = new Date() } = this.input;
    const policy = policyFor(catalog.platform.findings, catalog.acceptedRisks ?? [], service);
    const verdict = judgeConfiguration(reports, policy, now);
    const of = service ?? 'the platform';
    const reasons = verdict.reasons.map(({ code, message }) => `  ${of}: ${code}: ${message}`);
    switch (verdict.outcome) {
      case 'inconclusive':
        throw inconclusive(
          'manifests-unchecked',
          `what would come into the ledger was not checked, so nothing was published:\n${reasons.join('\n')}`,
        );
      case 'blocked':
        return reasons;
      case 'passed':
        for (const finding of verdict.findings) {
          if (finding.decision === 'accepted' && !finding.reason.startsWith('by design')) {
            this.notes.add(`${of}: ${describeFinding(finding)}`);
          }
        }
        return [];
    }
  }
}

/** What the reports say of one part. A finding that names no file that was given counts against every part: it may be about any. */
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
