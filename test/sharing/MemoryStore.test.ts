import { MemoryStore } from '../../src/sharing/MemoryStore.ts';
import { stateStoreContract } from '../contracts/stateStore.contract.ts';

const store = new MemoryStore({ eventCapacity: 50 });
stateStoreContract({ name: 'MemoryStore', eventCapacity: 50, durable: false, open: async () => store });
