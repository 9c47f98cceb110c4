export { type Aws, type AwsAddress, awsAt } from './aws';
export { type BootstrapInput, type BootstrapStep, bootstrap } from './bootstrap';
