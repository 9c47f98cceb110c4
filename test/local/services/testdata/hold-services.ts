// Starts the local services of a state folder, prints "ready", and uses them until it is terminated or killed.
import { startLocalServices } from '../../../../lib/local/services/services';

const [stateDirectory = ''] = process.argv.slice(2);
const progress = (line: string) => process.stdout.write(`${line}\n`);

startLocalServices({ stateDirectory, region: 'eu-west-1', keys: [], progress }).then(
  () => {
    progress('ready');
    setInterval(() => {}, 60_000);
  },
  (error: Error) => {
    progress(error.message);
    process.exit(1);
  },
);
