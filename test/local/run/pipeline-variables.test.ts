import { resolvePipelineVariables } from '../../../lib/local/run/run-pipeline';

describe('a pipeline variable', () => {
  const variables = new Map([['Build.DIGEST', 'sha256:1']]);

  test('is inserted unchanged, also when it looks like a replacement pattern or another variable', () => {
    expect(resolvePipelineVariables('a #{Build.DIGEST} b', variables)).toBe('a sha256:1 b');
    expect(resolvePipelineVariables('#{X.Y}', new Map([['X.Y', '$& #{Build.DIGEST}']]))).toBe('$& #{Build.DIGEST}');
  });

  test('that no action has exported is an error', () => {
    expect(() => resolvePipelineVariables('#{Scan.VERDICT}', variables)).toThrow(
      'no action has exported #{Scan.VERDICT}',
    );
  });
});
