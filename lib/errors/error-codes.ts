import type { FailureKind } from './exit-codes';

export interface ErrorDescription {
  /** How a command that stops with this code exits. Most codes have one kind; some depend on the step that finds the problem. */
  readonly kinds: readonly FailureKind[];
  /** What happened, in one sentence. */
  readonly meaning: string;
  /** What to do, in one sentence. */
  readonly action: string;
}

/**
 * Every error code that a command can stop with. `docs/reference/errors.md` is generated from this table.
 * Codes are stable: scripts match them.
 */
export const errorCodes = {
  // Any command
  input: {
    kinds: ['badInput'],
    meaning: 'An option, an argument or a file that the command needs is missing or wrong.',
    action: 'Correct what the message names.',
  },
  'bad-option': {
    kinds: ['badInput'],
    meaning: 'The value of an option does not have the expected form.',
    action: 'Correct the option that the message names.',
  },
  failed: {
    kinds: ['inconclusive'],
    meaning: 'A program or a git command failed, or a file could not be evaluated.',
    action: 'Read the last lines of output in the message.',
  },
  unexpected: {
    kinds: ['inconclusive'],
    meaning: 'An error that Bowline does not expect.',
    action: 'Run the command again with `BOWLINE_STACK=1` and report the stack trace.',
  },
  'action-failed': {
    kinds: ['inconclusive', 'rejected', 'badInput'],
    meaning:
      'An action of a pipeline that runs on this machine failed. The command exits with the exit code of the action.',
    action: 'Read the end of its log in the output.',
  },

  // Catalog, source and image
  catalog: {
    kinds: ['badInput'],
    meaning: 'The catalog has errors.',
    action: 'Fix each `file:line:column` that the message lists.',
  },
  manifests: {
    kinds: ['badInput'],
    meaning: 'The rendered manifests violate the rules for manifests.',
    action: 'Fix each finding that the message lists.',
  },
  recipe: {
    kinds: ['badInput'],
    meaning: 'The source cannot be built as the catalog describes it.',
    action: 'Change the source or its description as the message says.',
  },
  'does-not-compile': {
    kinds: ['badInput'],
    meaning: 'The source does not compile.',
    action: 'Fix the compiler errors that the message lists.',
  },
  'go-too-old': {
    kinds: ['badInput'],
    meaning: 'The Go version of the builder is older than the source requires.',
    action: 'Update the builder image, or lower the version in `go.mod`.',
  },
  'modules-unfit': {
    kinds: ['badInput'],
    meaning: '`go.mod`, `go.sum` and the vendor folder do not match the source.',
    action: 'Run `go mod tidy` (and `go mod vendor`), and commit the result.',
  },
  'module-credential': {
    kinds: ['badInput', 'inconclusive'],
    meaning: 'The credential for private modules cannot be read, or a token cannot be requested with it.',
    action: 'Correct the secret or `build.modules.credential`; if a service does not respond, run the build again.',
  },
  'module-unavailable': {
    kinds: ['badInput', 'inconclusive'],
    meaning: 'A module that the source requires cannot be downloaded.',
    action: 'Do what the message says for the module; if the network failed (exit 1), run the build again.',
  },
  'module-altered': {
    kinds: ['rejected'],
    meaning: 'The content of a module differs from the checksum in `go.sum`.',
    action: 'Find out which of the two is right before you change `go.sum`.',
  },
  'builder-lacks': {
    kinds: ['badInput'],
    meaning: 'The builder image has no tool, header or library that the build needs.',
    action: 'Set a builder image that has it in `platform.yaml`.',
  },
  'base-unavailable': {
    kinds: ['badInput', 'inconclusive'],
    meaning: 'A base image cannot be pulled.',
    action: 'Correct the image in `platform.yaml`; if the registry does not respond, run the build again.',
  },
  'builder-exhausted': {
    kinds: ['inconclusive'],
    meaning: 'The machine of the build has no memory or no disk space left.',
    action: 'Free memory or disk space, or set a larger `compute`, then run the build again.',
  },
  'image-not-pushed': {
    kinds: ['inconclusive'],
    meaning: 'The registry does not accept the image.',
    action: 'Check the repository and the permissions of the build, then run the build again.',
  },
  'compiler-failed': {
    kinds: ['inconclusive'],
    meaning: 'The Go compiler ended without an error in the source.',
    action: 'Run the build again; if it fails again, look at the memory of the builder.',
  },
  'program-unstartable': {
    kinds: ['rejected'],
    meaning:
      'The program of the image cannot start: it is no program for the platform, or its loader or a shared library is missing.',
    action: 'Follow the remedy in the message: link statically, or add the library to the runtime base.',
  },
  'tests-failed': {
    kinds: ['rejected'],
    meaning: 'A test of the source fails, or does not compile.',
    action: 'Fix the test that the message names; run `go test` in the source.',
  },
  'tests-timed-out': {
    kinds: ['rejected'],
    meaning: 'The tests of the source did not end within `build.test.timeout`.',
    action: 'Read in the message what the tests wait for, or set a longer `build.test.timeout`. Tests have no network.',
  },
  'no-tests': {
    kinds: ['rejected'],
    meaning: '`build.test` runs no test.',
    action: 'Correct the packages of `build.test`, or remove it.',
  },
  'exits-at-start': {
    kinds: ['rejected'],
    meaning: 'The program of the image ends on its own when it is started, and not for want of something from outside.',
    action:
      'Read the last lines of the program in the message; give it `start.settings`, or set `start.skip` with the reason.',
  },
  'port-closed': {
    kinds: ['rejected'],
    meaning: 'The started image does not listen on a port of the catalog.',
    action: 'Correct the port in the catalog, or listen on it on all addresses.',
  },
  'probe-fails': {
    kinds: ['rejected'],
    meaning: 'The started image does not answer a probe as Kubernetes expects.',
    action: 'Correct `probes` in the catalog, or the service.',
  },
  'metrics-missing': {
    kinds: ['rejected'],
    meaning: 'The started image does not export the metrics that its releases are judged by.',
    action: 'Set `metrics` in the catalog to the names that the message lists, or export the metrics.',
  },
  'no-buildkit': {
    kinds: ['inconclusive'],
    meaning: 'The BuildKit daemon did not start.',
    action: 'Run the step as root in a privileged container, or pass `--buildkit`.',
  },

  // The release record and the release folder
  'record-missing': {
    kinds: ['badInput'],
    meaning: 'The release folder has no release record.',
    action: 'Run the previous step, or correct `--release`.',
  },
  'empty-ledger': {
    kinds: ['inconclusive'],
    meaning: 'The ledger has no commits, so that nobody knows what runs.',
    action: 'Check `--ledger` and `--branch`. A new ledger gets its first commit by "bowline publish".',
  },
  'running-missing': {
    kinds: ['badInput'],
    meaning: 'The list of what runs is not in the folder.',
    action: 'Write it with "bowline releases --out", or let the command read the ledger.',
  },
  'running-altered': {
    kinds: ['inconclusive'],
    meaning: 'The list of what runs is not the one that the job before wrote.',
    action: 'Find out who changed it, then start the run again.',
  },
  'running-malformed': {
    kinds: ['inconclusive'],
    meaning: 'The list of what runs cannot be read.',
    action: 'Write it with the same version of Bowline.',
  },
  'record-altered': {
    kinds: ['inconclusive'],
    meaning: 'The release record is not the one that the previous step wrote.',
    action: 'Find out who changed it, then start the release again.',
  },
  'record-malformed': {
    kinds: ['inconclusive'],
    meaning: 'The release record does not match its schema.',
    action: 'Run all steps with the same version of Bowline.',
  },
  'record-outdated': {
    kinds: ['inconclusive'],
    meaning: 'The release record was written by a version of Bowline that recorded less.',
    action: 'Run the pipeline again from its source.',
  },
  'record-too-early': {
    kinds: ['inconclusive'],
    meaning: 'The release has not passed the step that must come before this one.',
    action: 'Run the steps in order: build, scan, sign, promote.',
  },
  'release-file-missing': {
    kinds: ['badInput'],
    meaning: 'The release folder lacks a file that the previous step writes.',
    action: 'Run the previous step, or correct `--release`.',
  },
  'other-service': {
    kinds: ['badInput', 'rejected'],
    meaning: 'The release record or the signed verdict is about another service.',
    action: 'Correct the name of the service or `--release`.',
  },

  // Registry, signatures and evidence
  'registry-mismatch': {
    kinds: ['inconclusive'],
    meaning: 'The registry returned content that does not match the requested digest.',
    action: 'Check the registry and any proxy in front of it.',
  },
  'not-a-digest': {
    kinds: ['badInput'],
    meaning: 'The image is named by a tag, or not as registry/repository@sha256:….',
    action: 'Name it by digest: someone can move a tag.',
  },
  'image-missing': {
    kinds: ['rejected', 'inconclusive'],
    meaning: 'The registry does not have the image.',
    action: 'Build the image again, or correct the digest.',
  },
  'image-malformed': {
    kinds: ['rejected', 'inconclusive'],
    meaning:
      'The registry has something other than an image for this digest, or an image for another platform than its index says.',
    action: 'Find out who pushed it, then build again.',
  },
  'platform-unnamed': {
    kinds: ['rejected', 'inconclusive'],
    meaning: 'The image index has an entry without a platform, which nobody scanned.',
    action: 'Find out who pushed it, then build again.',
  },
  'platform-unknown': {
    kinds: ['rejected', 'inconclusive'],
    meaning: 'The image index has an entry for a platform that Bowline does not build for.',
    action: 'Find out who pushed it, then build again.',
  },
  'platform-twice': {
    kinds: ['rejected', 'inconclusive'],
    meaning: 'The image index has two entries for one platform.',
    action: 'Find out who pushed it, then build again.',
  },
  'platform-mismatch': {
    kinds: ['rejected'],
    meaning: 'The platforms of the image in the registry are not the ones that were recorded or scanned.',
    action: 'Find out who changed the record, then run the pipeline again.',
  },
  'registry-unreachable': {
    kinds: ['inconclusive'],
    meaning: 'The registry does not answer.',
    action: 'Run the command again when the registry is reachable.',
  },
  'evidence-unreadable': {
    kinds: ['inconclusive'],
    meaning: 'There is no answer of cosign about signatures or attestations.',
    action: 'Run the command again; if it fails again, check the repository of signatures.',
  },
  'other-repository': {
    kinds: ['rejected'],
    meaning: "The image is not in the service's own repository.",
    action: 'Find out who changed the record, then run the pipeline again.',
  },
  'other-source': {
    kinds: ['rejected'],
    meaning: 'The image is built from another source repository than the catalog names.',
    action: 'Release from the source of the catalog, or change `source.repository`.',
  },
  'other-ref': {
    kinds: ['rejected'],
    meaning: 'The image is built from another branch than the catalog releases.',
    action: 'Release from `source.branch` of the catalog.',
  },
  'other-commit': {
    kinds: ['rejected'],
    meaning: 'The image is built from another commit than the pipeline releases.',
    action: 'Find out who changed the record, then run the pipeline again.',
  },
  'verdict-malformed': {
    kinds: ['rejected'],
    meaning: 'A signed verdict is not one that this version of Bowline understands.',
    action: 'Run the pipeline again.',
  },
  'verdict-subject-mismatch': {
    kinds: ['rejected'],
    meaning: 'A signed verdict is about another image or another repository.',
    action: 'Find out who signed it, then run the pipeline again.',
  },
  'verdict-superseded': {
    kinds: ['rejected'],
    meaning: 'Another scan of this image, from the same time or later, did not pass.',
    action: 'Fix or accept the findings, then release again.',
  },
  'stale-verdict': {
    kinds: ['rejected'],
    meaning: 'The verdict is older than `findings.verdictMaxAge` allows.',
    action: 'Run the pipeline again.',
  },
  'future-verdict': {
    kinds: ['rejected'],
    meaning: 'The verdict is from the future.',
    action: 'Correct the clocks, then run the pipeline again.',
  },
  'stale-database': {
    kinds: ['rejected'],
    meaning: 'A vulnerability database of the verdict is too old at the time of the promotion.',
    action: 'Run the pipeline again.',
  },
  'future-database': {
    kinds: ['rejected'],
    meaning: 'A vulnerability database of the verdict is from the future.',
    action: 'Correct the clocks, then run the pipeline again.',
  },
  'scanner-missing': {
    kinds: ['rejected'],
    meaning: 'The verdict lacks the database or the version of a scanner.',
    action: 'Run the pipeline again.',
  },
  'finding-blocks': {
    kinds: ['rejected'],
    meaning: "Today's policy blocks a finding of the signed verdict.",
    action: 'Fix or accept the finding, then release again.',
  },
  'expired-risk': {
    kinds: ['rejected'],
    meaning: 'A finding of the signed verdict was accepted until a date that has passed.',
    action: 'Fix the finding, or have its owner accept it again, then release again.',
  },
  'no-provenance': {
    kinds: ['rejected'],
    meaning: 'The image has no provenance by the key of the environment class.',
    action: 'Run the pipeline again, with a version of Bowline that attests provenance.',
  },
  'provenance-mismatch': {
    kinds: ['rejected'],
    meaning: 'The signed provenance names another builder, service, repository, ref or commit than expected.',
    action:
      'Find out who built the image, then run the pipeline again. `--builder local` accepts images of local runs, for a trial.',
  },
  'not-in-pipeline': {
    kinds: ['rejected'],
    meaning: 'A CodeBuild job that no release pipeline started tried to sign.',
    action: 'Find out who started the job; start a release from its source.',
  },
  'tag-moved': {
    kinds: ['inconclusive'],
    meaning: 'The tag already refers to another image.',
    action: 'Find out who pushed the tag; release a new commit.',
  },
  'bad-public-key': {
    kinds: ['badInput'],
    meaning: 'The file contains something other than ECDSA P-256 public keys in PEM.',
    action: 'Write the key again with `bowline bootstrap`.',
  },
  'no-public-key': {
    kinds: ['badInput'],
    meaning: 'There is no public key for the class of the environment.',
    action: 'Run `bowline bootstrap`, which writes one key per class to the catalog.',
  },
  'verdict-not-passed': {
    kinds: ['rejected'],
    meaning: 'The verdict of the release is not `passed`.',
    action: 'Fix or accept the findings, then release again.',
  },
  'fixture-verdict': {
    kinds: ['rejected'],
    meaning: 'The verdict is based on the fixture database, which says nothing about real vulnerabilities.',
    action: 'Scan again with the feeds.',
  },
  'no-signature': {
    kinds: ['rejected'],
    meaning: 'The image has no signature for this service and this class of environments.',
    action: 'Run the sign step for that class.',
  },
  'key-mismatch': {
    kinds: ['rejected'],
    meaning: 'The image is signed with another key.',
    action: 'Check which key the catalog holds for the class; if it was rotated, sign again.',
  },
  'no-sbom': {
    kinds: ['rejected'],
    meaning: 'The release has no attested SBOM for one of its platforms.',
    action: 'Run the scan and sign steps again.',
  },
  'no-verdict': {
    kinds: ['rejected'],
    meaning: 'The image has no attested verdict that matches the release record.',
    action: 'Run the scan and sign steps again.',
  },
  'sbom-altered': {
    kinds: ['inconclusive'],
    meaning: 'An SBOM is not the one that the scan step wrote.',
    action: 'Find out who changed it, then scan again.',
  },
  'sbom-unreadable': {
    kinds: ['inconclusive', 'rejected'],
    meaning: 'An SBOM is not CycloneDX JSON.',
    action: 'Scan again.',
  },
  'vacuous-sbom': {
    kinds: ['inconclusive', 'rejected'],
    meaning: 'An SBOM lists no Go module.',
    action: 'Scan again with the pinned version of Syft.',
  },
  'sbom-subject-mismatch': {
    kinds: ['inconclusive', 'rejected'],
    meaning: 'An SBOM is about another image.',
    action: 'Scan again.',
  },
  'evidence-not-written': {
    kinds: ['inconclusive'],
    meaning:
      'The registry does not return the evidence that was just signed, or does not accept a copy of the image beside it.',
    action: 'Run the sign step again; if it fails again, check the repository for signatures.',
  },

  // Binaries
  'binary-missing': {
    kinds: ['inconclusive'],
    meaning: 'The binaries of the release are not in the bucket.',
    action: 'Run the build step again.',
  },
  'binary-altered': {
    kinds: ['inconclusive'],
    meaning: 'A file of the release in the bucket differs from the release record.',
    action: 'Look at the versions of the object in the bucket; nothing was overwritten.',
  },
  'binary-not-scanned': {
    kinds: ['rejected'],
    meaning: 'A plain binary of the release has no SBOM in the record, so no scanner examined it.',
    action: 'Run the scan step again, and then sign.',
  },
  'not-announced': {
    kinds: ['inconclusive'],
    meaning: 'EventBridge did not accept the event about new binaries.',
    action: 'Run the sign step again.',
  },
  'write-contended': {
    kinds: ['inconclusive'],
    meaning: 'Other releases wrote the same object at the same time.',
    action: 'Run the step again.',
  },

  // The ledger and its git host
  'bad-ledger': {
    kinds: ['badInput'],
    meaning: 'The address or the branch of the ledger is malformed.',
    action: 'Correct `--ledger`, or `ledger` in `platform.yaml`.',
  },
  'bad-ledger-address': {
    kinds: ['badInput'],
    meaning: "The ledger's credential is only sent over https, and its address uses another protocol.",
    action: 'Write the address as `https://…`.',
  },
  'bad-name': {
    kinds: ['badInput'],
    meaning: 'The name of a service or an environment cannot be part of a path in the ledger.',
    action: 'Correct the name.',
  },
  'no-branch': {
    kinds: ['badInput'],
    meaning: 'The ledger has no such branch.',
    action: 'Name the branch with `--branch`, or in `platform.yaml`.',
  },
  unreachable: {
    kinds: ['inconclusive'],
    meaning: 'The ledger or AWS does not respond.',
    action: 'Check the network and the address, then run the command again.',
  },
  'damaged-clone': {
    kinds: ['inconclusive'],
    meaning: 'The temporary clone of the ledger lacks objects. A kept clone with damage is replaced without an error.',
    action: 'Check the free space and the health of the disk of the temporary folder, then run the command again.',
  },
  contended: {
    kinds: ['inconclusive'],
    meaning: 'Other writers changed the ledger at every attempt. Nothing was written.',
    action: 'Run the same command again.',
  },
  'push-refused': {
    kinds: ['inconclusive'],
    meaning: 'The git host does not accept the push.',
    action: 'Check the permissions of the credential and the rules for the branch.',
  },
  'malformed-input': {
    kinds: ['badInput'],
    meaning: 'A file of the ledger is malformed.',
    action: 'Fix the file that the message names with a commit to the ledger.',
  },
  'service-not-published': {
    kinds: ['badInput', 'rejected'],
    meaning: 'The ledger has no description of the service in this environment.',
    action: 'Run `bowline publish`.',
  },
  'unknown-release': {
    kinds: ['badInput'],
    meaning: 'No release of the service matches `--to`, or more than one does.',
    action: 'Choose a release from `bowline history`.',
  },
  'still-there': {
    kinds: ['badInput'],
    meaning: '`--remove` names something that the catalog still has.',
    action: 'Remove it from the catalog first.',
  },
  'manifests-unclear': {
    kinds: ['rejected'],
    meaning: 'Another version of Bowline wrote the manifests, and they do not contain the image exactly once.',
    action: 'Run `bowline publish --rerender`, then run the command again.',
  },
  superseded: {
    kinds: ['rejected'],
    meaning: 'Another writer has released something else since this command started.',
    action: 'Nothing, unless this release must replace the newer one; then run the command again.',
  },
  'would-remove': {
    kinds: ['rejected'],
    meaning: 'The publication would remove something that the catalog no longer has.',
    action: 'Confirm the removal with `--remove`, or restore it in the catalog.',
  },
  'older-release': {
    kinds: ['rejected'],
    meaning: 'The release is older than the one that the environment has.',
    action: 'To roll back on purpose, run `bowline rollback`; to release an earlier source again, commit a revert.',
  },
  'no-earlier-release': {
    kinds: ['rejected'],
    meaning: 'There is no earlier release to roll back to.',
    action: 'Release a fixed commit.',
  },
  'manifests-blocked': {
    kinds: ['rejected'],
    meaning: 'The manifests have findings that the policy blocks. Nothing was published.',
    action: 'Fix them, or accept the risk in `accepted-risks.yaml`.',
  },
  'manifests-unchecked': {
    kinds: ['inconclusive'],
    meaning: 'A checker did not check the manifests. Nothing was published.',
    action: 'Fix the cause that the message names, then run the command again.',
  },
  'no-pull-requests': {
    kinds: ['badInput'],
    meaning: 'The catalog asks for promotions as pull requests, and the job has no credential to open one.',
    action: 'Set `ledger.credential` in `platform.yaml`, and deploy the pipelines again.',
  },
  'proposal-closed': {
    kinds: ['rejected'],
    meaning: 'Someone closed the pull request of this release without merging it.',
    action: 'Reopen it, or release another commit.',
  },
  'git-credential-refused': {
    kinds: ['rejected'],
    meaning: "The git host or AWS does not accept the ledger's credential.",
    action: 'Check the installation and the permissions of the GitHub App, and the secret.',
  },
  'bad-private-key': {
    kinds: ['badInput'],
    meaning: 'The secret of the GitHub App is not an RSA private key in PEM.',
    action: "Store the PEM file from GitHub's settings page in the secret.",
  },
  'git-host-unreachable': {
    kinds: ['inconclusive'],
    meaning: 'The git host or the service that holds its credential does not respond.',
    action: 'Run the command again later.',
  },

  // AWS
  'aws-error': {
    kinds: ['inconclusive'],
    meaning: "AWS answered a call with an error. The message has AWS's own code.",
    action: 'Look up the code in the API reference of the AWS service. Most often a permission is missing.',
  },
  credentials: {
    kinds: ['inconclusive'],
    meaning: 'AWS does not accept the credentials.',
    action: 'Sign in again, or choose another profile.',
  },
  'no-aws': {
    kinds: ['inconclusive'],
    meaning: 'The endpoint does not respond like AWS.',
    action: 'Start the local AWS with `npm run aws:local`.',
  },
  'port-in-use': {
    kinds: ['inconclusive'],
    meaning:
      'Another process uses the port of the local registry, which is part of image names, and did not free it in time.',
    action: 'End the process that the message names, or choose another state folder with `--state`.',
  },
  'other-account': {
    kinds: ['badInput'],
    meaning: 'The credentials belong to a different account from `pipeline.account` in `platform.yaml`.',
    action: 'Choose the credentials of that account.',
  },
  'toolbox-failed': {
    kinds: ['inconclusive'],
    meaning: 'The build of the toolbox image failed, or its image is not in the repository.',
    action: 'Read the log of the build that the message names.',
  },
} as const satisfies Record<string, ErrorDescription>;

/** A stable error code. */
export type ErrorCode = keyof typeof errorCodes;

/** The codes that a command can stop with in this way. */
export type ErrorCodeOf<Kind extends FailureKind> = {
  [Code in ErrorCode]: Kind extends (typeof errorCodes)[Code]['kinds'][number] ? Code : never;
}[ErrorCode];
