/** An action that a handler's list has, and that a deployment of Bowline does not need. */
export interface NotNeeded {
  readonly type: string;
  readonly actions: readonly string[];
  /** The handler calls the action for these properties only, and no template sets them. */
  readonly properties?: readonly string[];
  readonly why: string;
}

const unset = 'the handler calls it for a property that no template sets';
const metadataTables = [
  's3:CreateBucketMetadataTableConfiguration',
  's3:DeleteBucketMetadataTableConfiguration',
  's3:GetBucketMetadataTableConfiguration',
  's3:UpdateBucketMetadataAnnotationTableConfiguration',
  's3:UpdateBucketMetadataInventoryTableConfiguration',
  's3:UpdateBucketMetadataJournalTableConfiguration',
  's3tables:CreateNamespace',
  's3tables:CreateTable',
  's3tables:CreateTableBucket',
  's3tables:GetTable',
  's3tables:GetTableMetadataLocation',
  's3tables:PutTableBucketPolicy',
  's3tables:PutTableEncryption',
  's3tables:PutTablePolicy',
  's3tables:UpdateTableMetadataLocation',
];

/** A reason per action. A test fails for an entry that the schemas no longer have, or whose property a template sets. */
export const notNeeded: readonly NotNeeded[] = [
  {
    type: 'AWS::CodePipeline::Pipeline',
    actions: ['codepipeline:DisableStageTransition', 'codepipeline:EnableStageTransition'],
    properties: ['DisableInboundStageTransitions'],
    why: unset,
  },
  {
    type: 'AWS::CodePipeline::Pipeline',
    actions: ['codepipeline:StartPipelineExecution'],
    properties: ['RestartExecutionOnUpdate'],
    why: 'it would start a release; the handler calls it for a property that no template sets',
  },
  {
    type: 'AWS::ECR::Repository',
    actions: ['kms:CreateGrant', 'kms:DescribeKey', 'kms:RetireGrant'],
    properties: ['EncryptionConfiguration'],
    why: 'repositories are encrypted with the key that ECR owns, which needs no grant',
  },
  {
    type: 'AWS::ECR::RepositoryCreationTemplate',
    actions: ['iam:PassRole'],
    properties: ['CustomRoleArn'],
    why: unset,
  },
  {
    type: 'AWS::ECR::PullThroughCacheRule',
    actions: ['iam:PassRole'],
    properties: ['CustomRoleArn'],
    why: unset,
  },
  {
    type: 'AWS::IAM::Role',
    actions: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
    properties: ['ManagedPolicyArns'],
    why: 'a managed policy would give a role more than the tests know; the handler calls it for a property that no template sets',
  },
  {
    type: 'AWS::IAM::Role',
    actions: ['iam:DeleteRolePermissionsBoundary'],
    why: 'a role keeps its boundary: the handler calls it when a template drops the property, and the update has to fail then',
  },
  {
    type: 'AWS::IAM::Role',
    actions: ['iam:PutRolePermissionsBoundary'],
    properties: ['PermissionsBoundary'],
    why: 'a platform whose roles have no boundary; one with a boundary is allowed to set it',
  },
  {
    type: 'AWS::S3::Bucket',
    actions: ['s3:DeleteBucketTagging'],
    why: 'there is no such permission: DeleteBucketTagging requires s3:PutBucketTagging, which the policy allows',
  },
  {
    type: 'AWS::IAM::Role',
    actions: ['iam:ListRoleTags'],
    why: 'the read handler gets the tags with iam:GetRole; the schema names it for tagging through other APIs',
  },
  {
    type: 'AWS::KMS::Key',
    actions: ['kms:DisableKeyRotation', 'kms:EnableKeyRotation'],
    properties: ['EnableKeyRotation', 'RotationPeriodInDays'],
    why: 'a signing key has no automatic rotation; the handler calls it for a property that no template sets',
  },
  {
    type: 'AWS::Logs::LogGroup',
    actions: ['logs:DeleteDataProtectionPolicy', 'logs:GetDataProtectionPolicy', 'logs:PutDataProtectionPolicy'],
    properties: ['DataProtectionPolicy'],
    why: unset,
  },
  {
    type: 'AWS::Logs::LogGroup',
    actions: ['logs:DeleteIndexPolicy', 'logs:DescribeIndexPolicies', 'logs:PutIndexPolicy'],
    properties: ['FieldIndexPolicies'],
    why: unset,
  },
  {
    type: 'AWS::Logs::LogGroup',
    actions: ['logs:DeleteResourcePolicy', 'logs:DescribeResourcePolicies', 'logs:PutResourcePolicy'],
    properties: ['ResourcePolicyDocument'],
    why: unset,
  },
  {
    type: 'AWS::Logs::LogGroup',
    actions: ['firehose:TagDeliveryStream', 'logs:CreateLogDelivery', 's3:REST.PUT.OBJECT'],
    properties: ['LogGroupClass'],
    why: 'these belong to log groups of the delivery class; no template sets a class',
  },
  {
    type: 'AWS::Logs::LogGroup',
    actions: ['logs:AssociateKmsKey', 'logs:DisassociateKmsKey'],
    properties: ['KmsKeyId'],
    why: unset,
  },
  {
    type: 'AWS::Logs::LogGroup',
    actions: ['logs:PutBearerTokenAuthentication'],
    properties: ['BearerTokenAuthenticationEnabled'],
    why: unset,
  },
  {
    type: 'AWS::Logs::LogGroup',
    actions: ['logs:PutLogGroupDeletionProtection'],
    properties: ['DeletionProtectionEnabled'],
    why: unset,
  },
  { type: 'AWS::S3::Bucket', actions: ['s3:PutBucketAbac'], properties: ['AbacStatus'], why: unset },
  {
    type: 'AWS::S3::Bucket',
    actions: ['s3:DeleteBucketAnalyticsConfiguration', 's3:PutAnalyticsConfiguration'],
    properties: ['AnalyticsConfigurations'],
    why: unset,
  },
  {
    type: 'AWS::S3::Bucket',
    actions: ['s3:DeleteBucketCors', 's3:PutBucketCORS'],
    properties: ['CorsConfiguration'],
    why: unset,
  },
  {
    type: 'AWS::S3::Bucket',
    actions: ['s3:PutInventoryConfiguration'],
    properties: ['InventoryConfigurations'],
    why: unset,
  },
  {
    type: 'AWS::S3::Bucket',
    actions: ['s3:DeleteBucketMetricsConfiguration', 's3:PutMetricsConfiguration'],
    properties: ['MetricsConfigurations'],
    why: unset,
  },
  {
    type: 'AWS::S3::Bucket',
    actions: ['s3:PutBucketNotification'],
    properties: ['NotificationConfiguration'],
    why: unset,
  },
  {
    type: 'AWS::S3::Bucket',
    actions: [
      'iam:PassRole',
      's3:DeleteBucketReplication',
      's3:PutBucketReplication',
      's3:PutReplicationConfiguration',
    ],
    properties: ['ReplicationConfiguration'],
    why: unset,
  },
  {
    type: 'AWS::S3::Bucket',
    actions: ['s3:DeleteBucketWebsite', 's3:PutBucketWebsite'],
    properties: ['WebsiteConfiguration'],
    why: unset,
  },
  {
    type: 'AWS::S3::Bucket',
    actions: ['s3:PutAccelerateConfiguration'],
    properties: ['AccelerateConfiguration'],
    why: unset,
  },
  {
    type: 'AWS::S3::Bucket',
    actions: ['s3:PutBucketAcl', 's3:PutObjectAcl', 's3:GetBucketAcl'],
    properties: ['AccessControl'],
    why: unset,
  },
  {
    type: 'AWS::S3::Bucket',
    actions: ['s3:DeleteObject'],
    why: 'CloudFormation does not delete objects: a bucket with objects stays, and the evidence with it',
  },
  {
    type: 'AWS::S3::Bucket',
    actions: ['s3:PutBucketObjectLockConfiguration', 's3:PutObjectLockConfiguration'],
    properties: ['ObjectLockConfiguration', 'ObjectLockEnabled'],
    why: unset,
  },
  { type: 'AWS::S3::Bucket', actions: ['s3:PutBucketLogging'], properties: ['LoggingConfiguration'], why: unset },
  {
    type: 'AWS::S3::Bucket',
    actions: ['s3:PutBucketOwnershipControls'],
    properties: ['OwnershipControls'],
    why: unset,
  },
  {
    type: 'AWS::S3::Bucket',
    actions: ['s3:PutIntelligentTieringConfiguration'],
    properties: ['IntelligentTieringConfigurations'],
    why: unset,
  },
  {
    type: 'AWS::S3::Bucket',
    actions: metadataTables,
    properties: ['MetadataConfiguration', 'MetadataTableConfiguration'],
    why: unset,
  },
  {
    type: 'AWS::S3::Bucket',
    actions: [
      's3:GetAccelerateConfiguration',
      's3:GetAnalyticsConfiguration',
      's3:GetBucketAbac',
      's3:GetBucketCORS',
      's3:GetBucketLogging',
      's3:GetBucketNotification',
      's3:GetBucketObjectLockConfiguration',
      's3:GetBucketOwnershipControls',
      's3:GetBucketWebsite',
      's3:GetIntelligentTieringConfiguration',
      's3:GetInventoryConfiguration',
      's3:GetMetricsConfiguration',
      's3:GetReplicationConfiguration',
    ],
    why: 'the read handler runs for Fn::GetAtt, drift and import; Fn::GetAtt of a bucket is an ARN, for which it calls nothing, and drift detection is no part of a deployment',
  },
  {
    type: 'AWS::S3::Bucket',
    actions: ['s3:DeleteBucketEncryption', 's3:DeleteBucketLifecycle'],
    why: 'the handler calls it when a template drops the property: every bucket of Bowline keeps its encryption and lifecycle',
  },
  { type: 'AWS::SNS::Topic', actions: ['sns:Subscribe', 'sns:Unsubscribe'], properties: ['Subscription'], why: unset },
  {
    type: 'AWS::SNS::Topic',
    actions: ['sns:PutDataProtectionPolicy'],
    properties: ['DataProtectionPolicy'],
    why: unset,
  },
  {
    type: 'AWS::SNS::Topic',
    actions: ['iam:GetRole', 'iam:PassRole'],
    properties: ['DeliveryStatusLogging'],
    why: unset,
  },
];
