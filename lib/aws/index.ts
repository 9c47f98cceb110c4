export { type CodeCommitLogin, codeCommitLogin } from './codecommit-login';
export { type AwsCall, awsCall } from './json-call';
export { quietSdk } from './quiet-sdk';
export { readSecretText } from './secret-text';
export { type AwsApi, AwsCallError, postSigned } from './signed-post';
export { type Credentials, signedHeaders } from './signed-request';
