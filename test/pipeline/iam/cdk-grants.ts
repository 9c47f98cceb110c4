/** Actions that the CDK grants and a role of Bowline lacks, with the reason: `role: resource: action`. A pattern stands for its actions that are not granted. */
const unusedObjectWrites: Readonly<Record<string, string>> = {
  's3:Abort*': 'an artifact is written in one call; the lifecycle rule of the bucket removes a broken upload',
  's3:DeleteObject*': 'nothing deletes an artifact; the lifecycle rule of the bucket does',
  's3:PutObjectLegalHold': 'the bucket has no object lock',
  's3:PutObjectRetention': 'the bucket has no object lock',
  's3:PutObjectTagging': 'artifacts have no tags',
  's3:PutObjectVersionTagging': 'artifacts have no tags',
};

const partlyReadObjects: Readonly<Record<string, string>> = {
  's3:GetObject*':
    'GetObject and GetObjectVersion are granted, which the documents of CodePipeline (how-to-custom-role) and CodeBuild (setting-up-service-role) name; objects have no tags, retention and torrents, and nothing reads ACLs',
};

const partlyReadBucket = (which: string): Readonly<Record<string, string>> => ({
  's3:GetBucket*': `GetBucketAcl and GetBucketLocation are granted${which}, which the documents of CodePipeline (how-to-custom-role) and CodeBuild (setting-up-service-role) name; nothing reads other properties of the bucket`,
  's3:List*': 'the key of every object is known; nothing lists the bucket',
});

const unusedReports: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'codebuild:BatchPutCodeCoverages',
    'codebuild:BatchPutTestCases',
    'codebuild:CreateReport',
    'codebuild:CreateReportGroup',
    'codebuild:UpdateReport',
  ].map((action) => [action, 'no buildspec has reports']),
);

/** What the CDK grants to a role and Bowline does not, by resource and action. Each has a reason. */
export const omissions: Readonly<
  Record<'pipeline' | 'project', Readonly<Record<string, Readonly<Record<string, string>>>>>
> = {
  pipeline: {
    'artifact objects': {
      ...unusedObjectWrites,
      ...partlyReadObjects,
      's3:PutObjectVersionAcl': 'it changes the ACL of a version that exists; an upload needs PutObjectAcl only',
    },
    'artifact bucket': partlyReadBucket(', and GetBucketVersioning'),
    'bundle object': partlyReadObjects,
    'asset bucket': partlyReadBucket(', and GetBucketVersioning'),
  },
  project: {
    'artifact objects': { ...unusedObjectWrites, ...partlyReadObjects },
    'artifact bucket': partlyReadBucket(''),
    'log group': { 'logs:CreateLogGroup': 'the stack creates the log group, with its retention' },
    'report group': unusedReports,
  },
};
