import { main } from '../lib/cli/program';

void main(process.argv);
