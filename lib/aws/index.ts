export { type CodeCommitLogin, codeCommitLogin } from './codecommit-login';
export { type AwsApi, type AwsCall, AwsCallError, awsCall } from './json-call';
export { type Credentials, signedHeaders } from './signed-request';
