import { k8s } from 'cdk8s-plus-27';

/** A port with its protocol, in a rule of a network policy. */
export class Port {
  /** @throws Error unless the number is from 1 to 65535 */
  static tcp(number: number): Port {
    return new Port('TCP', number);
  }

  /** @throws Error unless the number is from 1 to 65535 */
  static udp(number: number): Port {
    return new Port('UDP', number);
  }

  /** An item of `ports` in a rule. */
  readonly rule: k8s.NetworkPolicyPort;

  private constructor(protocol: 'TCP' | 'UDP', number: number) {
    if (!Number.isInteger(number) || number < 1 || number > 65535) {
      throw new Error(`'port' must be a whole number from 1 to 65535, got: ${number}`);
    }
    this.rule = { protocol, port: k8s.IntOrString.fromNumber(number) };
  }
}
