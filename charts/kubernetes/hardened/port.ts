import { k8s } from 'cdk8s-plus-27';

/** A port with its protocol. */
export class Port {
  static tcp(number: number): Port {
    return new Port('TCP', number);
  }

  static udp(number: number): Port {
    return new Port('UDP', number);
  }

  /** As rules of a network policy have it. */
  readonly rule: k8s.NetworkPolicyPort;

  private constructor(protocol: 'TCP' | 'UDP', number: number) {
    if (!Number.isInteger(number) || number < 1 || number > 65535) {
      throw new Error(`'port' (${number}) must be a whole number from 1 to 65535`);
    }
    this.rule = { protocol, port: k8s.IntOrString.fromNumber(number) };
  }
}
