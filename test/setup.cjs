// The template validator costs 1.5 s a process; one job of the suite runs with it on (test/pipeline/cdk-validation.test.ts).
process.env.CDK_VALIDATION ??= 'false';
