/** The SDK announces at every start which Node its releases of next year will want; this one is pinned. To be called before a client is made. */
export function quietSdk(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
}
