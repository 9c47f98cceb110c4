import { refreshApplications, serveGit } from './git/serve-git';
import { receiveAlerts } from './monitoring/alert-receiver';
import { syncMonitors } from './monitoring/sync-monitors';

// The lab's own servers, started by HostCluster:
//   serve.ts git ROOT HOST PORT KEY KUBECONFIG      reads KEY.crt and KEY.key
//   serve.ts monitors STATE KUBECONFIG
//   serve.ts alerts HOST PORT RECORD
const [server, ...words] = process.argv.slice(2) as [string, string, string, string, string, string];

switch (server) {
  case 'git': {
    const [root, host, port, key, kubeconfig] = words;
    const onPush = (repository: string) => {
      process.stdout.write(`${new Date().toISOString()} push to ${repository}\n`);
      refreshApplications(kubeconfig).catch((error: Error) => process.stdout.write(`refresh: ${error.message}\n`));
    };
    void serveGit({ root, host, port: Number(port), certificate: `${key}.crt`, key: `${key}.key`, onPush });
    break;
  }
  case 'monitors': {
    const [state, kubeconfig] = words;
    void syncMonitors(state, kubeconfig);
    break;
  }
  case 'alerts': {
    const [host, port, record] = words;
    void receiveAlerts(host, Number(port), record);
    break;
  }
  default:
    process.stderr.write(`unknown server ${server}, expected git, monitors or alerts\n`);
    process.exitCode = 64;
}
