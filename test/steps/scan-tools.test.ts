import { readFileSync } from 'node:fs';
import { scanTools, versionInBuildInformation } from '../../lib/steps/scan-tools';
import { toolPath } from '../../lib/tools';

test('the version of a Go program stands in the program', async () => {
  const pinned = new Map((await scanTools()).map(({ name, version }) => [name, version]));
  expect([...pinned.keys()]).toEqual(['checkov', 'govulncheck', 'grype', 'syft', 'trivy']);
  for (const name of ['govulncheck', 'grype']) {
    expect(versionInBuildInformation(readFileSync(toolPath(name)))).toBe(pinned.get(name));
  }
});

test('a program without build information has no version', () => {
  expect(versionInBuildInformation(Buffer.from('#!/bin/sh\n'))).toBeUndefined();
});
