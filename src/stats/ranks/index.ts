export { midranks } from './midranks.ts';
