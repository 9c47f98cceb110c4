export { type Aws, type AwsAddress, AwsError, awsAt } from './aws';
export { type BootstrapInput, type BootstrapStep, bootstrap } from './bootstrap';
