/** Disables the warning of the AWS SDK about future Node.js versions, because the version is pinned. Call it before creating a client. */
export function quietSdk(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
}
