import { Gauge, type Registry } from 'prom-client';
import type { CredentialPool } from '../credentials/credential-pool.ts';
import type { GuestPool } from '../credentials/guest-pool.ts';

/** What is read at every scrape. */
export interface GatewayState {
  /** Who runs and who waits. */
  admission: { readonly running: number; readonly queued: number };
  upstreams: readonly {
    readonly id: string;
    readonly credentials: Pick<CredentialPool, 'brake' | 'inFlight' | 'statuses'>;
  }[];
  /** null when guests are not allowed. */
  guests: Pick<GuestPool, 'statuses'> | null;
}

const CREDENTIAL_STATES = ['healthy', 'cooling', 'probing', 'out', 'disabled'] as const;
const BRAKE_STATES = ['closed', 'open', 'half-open'] as const;
const GUEST_ROLES = ['spare', 'bound', 'leaving'] as const;

/** Shows the state of this moment: what runs, what waits, and whom it could be served with. */
export function showState(
  registry: Registry,
  { admission, upstreams, guests }: GatewayState,
): void {
  const registers = [registry];
  new Gauge({
    name: 'glm_gateway_running_chats',
    help: 'Chats that have a permit.',
    registers,
    collect() {
      this.set(admission.running);
    },
  });
  new Gauge({
    name: 'glm_gateway_queued_chats',
    help: 'Chats that wait for a permit.',
    registers,
    collect() {
      this.set(admission.queued);
    },
  });
  showCredentials(registry, upstreams);
  showBrakes(registry, upstreams);
  if (guests !== null) showGuests(registry, guests);
}

function showCredentials(registry: Registry, upstreams: GatewayState['upstreams']): void {
  new Gauge({
    name: 'glm_gateway_credentials',
    help: 'Accounts and API keys by state.',
    labelNames: ['upstream', 'state'],
    registers: [registry],
    collect() {
      for (const { id: upstream, credentials } of upstreams) {
        const states = credentials
          .statuses()
          .map(({ disabled, health }) => (disabled ? 'disabled' : health.state));
        for (const state of CREDENTIAL_STATES) {
          this.set({ upstream, state }, states.filter((one) => one === state).length);
        }
      }
    },
  });
  new Gauge({
    name: 'glm_gateway_leases',
    help: 'Attempts that hold a credential, a guest’s too.',
    labelNames: ['upstream'],
    registers: [registry],
    collect() {
      for (const { id: upstream, credentials } of upstreams) {
        this.set({ upstream }, sum(credentials.inFlight.values()));
      }
    },
  });
}

function showBrakes(registry: Registry, upstreams: GatewayState['upstreams']): void {
  new Gauge({
    name: 'glm_gateway_brake',
    help: '1 for the state that the brake of the upstream is in: open, it gets no requests.',
    labelNames: ['upstream', 'state'],
    registers: [registry],
    collect() {
      for (const { id: upstream, credentials } of upstreams) {
        const present = credentials.brake.state;
        for (const state of BRAKE_STATES) this.set({ upstream, state }, state === present ? 1 : 0);
      }
    },
  });
}

function showGuests(registry: Registry, guests: Pick<GuestPool, 'statuses'>): void {
  new Gauge({
    name: 'glm_gateway_guests',
    help: 'Guests of the web chat: ready for a conversation, bound to one, on their way out.',
    labelNames: ['role'],
    registers: [registry],
    collect() {
      const roles = guests.statuses().map(({ role }) => role);
      for (const role of GUEST_ROLES)
        this.set({ role }, roles.filter((one) => one === role).length);
    },
  });
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
