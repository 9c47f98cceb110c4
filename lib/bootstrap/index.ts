export { type Aws, type AwsAddress, createAwsClient } from './aws';
export { type BootstrapInput, type BootstrapStep, bootstrap } from './bootstrap';
