export { type ToolboxContext, toolboxContext } from './context';
export { toolboxDockerfile } from './dockerfile';
export { ToolboxStack, type ToolboxStackProps } from './toolbox-stack';
