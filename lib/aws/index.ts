export { type CodeCommitLogin, codeCommitLogin } from './codecommit-login';
export { type AwsApi, type AwsCall, AwsCallError, awsCall } from './json-call';
export { quietSdk } from './quiet-sdk';
export { type Credentials, signedHeaders } from './signed-request';
