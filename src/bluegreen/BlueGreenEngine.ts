import type { Clock } from '../core/clock.ts';
import type { EventSource } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { Arm } from '../metrics/judging/Arm.ts';
import { BurstWatch } from '../metrics/judging/BurstWatch.ts';
import { DeploymentSharing } from '../metrics/judging/DeploymentSharing.ts';
import type { HealthCheck } from '../metrics/judging/HealthCheck.ts';
import type { HealthMonitor } from '../metrics/judging/HealthMonitor.ts';
import { type GateControl, HookCalls } from '../metrics/judging/HookCalls.ts';
import type { BlueGreenEvent, BlueGreenTransitionEvent } from './BlueGreenEvent.ts';
import type { BlueGreenOptions } from './BlueGreenOptions.ts';
import {
  activeOf,
  type BlueGreenState,
  compareSafety,
  initialBlueGreenState,
  readBlueGreenState,
} from './BlueGreenState.ts';
import { type BlueGreenPlan, type BlueGreenSignal, openGate, transition } from './transition.ts';

interface SavedEngine {
  readonly state: Json;
  readonly revision: number;
  readonly asked: string | null;
  readonly evidence: Json;
  readonly bursts: ReturnType<BurstWatch['toJSON']>;
}

/** What an engine is told by the deployment that holds it. */
interface EngineHost {
  readonly plan: BlueGreenPlan;
  readonly monitor: HealthMonitor;
  readonly events: EventSource<BlueGreenEvent>;
  readonly clock: Clock;
  readonly name: string;
}

type Untimed<S> = S extends unknown ? Omit<S, 'at'> : never;

/** The moving part of a deployment: state, evidence and bursts, and what is told when it moves. */
export class BlueGreenEngine {
  readonly hooks: HookCalls<BlueGreenEvent>;
  readonly sharing: DeploymentSharing<BlueGreenState>;
  readonly #options: BlueGreenOptions;
  readonly #host: EngineHost;
  readonly #bursts: BurstWatch;
  readonly #gate: GateControl;
  #state: BlueGreenState = initialBlueGreenState;
  /** The gate that was asked last, with its attempt. */
  #asked: string | undefined;
  /** Counts what gates were asked, so that an answer to an earlier preparation approves nothing. */
  #question = 0;

  constructor(options: BlueGreenOptions, host: EngineHost) {
    this.#options = options;
    this.#host = host;
    this.#bursts = new BurstWatch(options.burst);
    this.hooks = new HookCalls(host.events);
    this.#gate = {
      gated: () => {
        const gate = openGate(this.#state, host.plan);
        return gate && `${this.#question}/${gate}`;
      },
      approve: () => this.approve('hooks.gate'),
      reject: () => this.signal({ type: 'reject', reason: 'rejected by the gate' }, 'hooks.gate'),
    };
    this.sharing = new DeploymentSharing<BlueGreenState>({
      monitor: host.monitor,
      here: () => this.#state,
      read: readBlueGreenState,
      compare: compareSafety,
      follow: (state) => this.#follow(state),
      judge: () => this.judge(),
    });
  }

  get state(): BlueGreenState {
    return this.#state;
  }

  /** The index of the evidence that is being gathered: 0 before the switch, 1 after it, -1 where there is none. */
  get stage(): number {
    const { phase } = this.#state;
    return phase === 'ready' ? 0 : phase === 'green' ? 1 : -1;
  }

  /** Whether both models are compared on the same requests. */
  get compared(): boolean {
    return (this.#options.compareEvery ?? 1) > 0;
  }

  /** Green's health by the evidence so far, before and after the switch together. */
  check(): HealthCheck {
    const { monitor, clock } = this.#host;
    return monitor.check(activeOf(this.#state) === 'green' ? 100 : 0, clock.now());
  }

  /** What it waits for, while green is judged. */
  waitingFor(): string {
    const { plan, clock } = this.#host;
    const { phase, switchedAt } = this.#state;
    const gate = openGate(this.#state, plan);
    const left = plan.windowMs - (clock.now() - switchedAt);
    const health = this.check();
    if (phase === 'ready') return health.passed && gate !== undefined ? 'an approval of the switch' : health.reason;
    if (left >= 0) return `the window: ${Math.ceil(left)} ms more`;
    return gate === undefined ? health.reason : 'an approval, to close the window';
  }

  /** Looks whether the window is over. */
  tick(): void {
    if (this.#state.phase !== 'green') return;
    const { clock, plan } = this.#host;
    const at = clock.now();
    this.#take({ type: 'tick', at }, 'system');
    if (this.#state.phase === 'green' && at - this.#state.switchedAt > plan.windowMs) this.#ask();
  }

  /** A model answered or failed, seen by a caller or not. */
  answered(arm: Arm, failed: boolean): void {
    const wrong = this.#bursts.push(arm, failed);
    if (wrong === undefined || this.#state.phase !== 'green') return;
    const { canary: canaryErrors, baseline: baselineErrors } = this.#bursts.errors;
    if (wrong === 'burst') this.signal({ type: 'failed', reason: this.#bursts.describe('green') });
    else this.#host.events.emit({ type: 'common-cause', canaryErrors, baselineErrors });
  }

  /** Judges: a failing verdict within the window goes back, a pass before it leads on where that is wanted. */
  judge(): void {
    const { phase } = this.#state;
    const { autoReturn = true, autoSwitch = false } = this.#options;
    if (phase !== 'ready' && phase !== 'green') return;
    const wantsPass = phase === 'ready' && this.compared && (autoSwitch || this.#host.plan.gates.includes('switch'));
    if (phase === 'ready' ? !wantsPass : !autoReturn) return;
    const { verdict } = this.#host.monitor.assess();
    if (phase === 'green' && verdict === 'fail') this.signal({ type: 'failed', reason: this.check().reason });
    if (phase !== 'ready' || verdict !== 'pass') return;
    if (openGate(this.#state, this.#host.plan) !== undefined) this.#ask();
    else if (autoSwitch) this.switchOver(false, 'system');
  }

  /** Green answers from now on, where everybody agrees. @throws IllegalTransitionError */
  switchOver(force: boolean, actor: string): void {
    const health = this.check();
    const { verdict, reason } = health;
    const open = verdict === 'pass' || verdict === 'fail' ? verdict : 'open';
    // Where nobody compares, nothing but a failure speaks.
    const said = this.compared || verdict === 'fail' ? open : undefined;
    this.signal(
      { type: 'switch', force, verdict: said, reason: this.compared ? reason : 'not compared' },
      actor,
      health,
    );
  }

  /** Hands a signal to the state machine, and tells what comes of it. @throws IllegalTransitionError */
  signal(signal: Untimed<BlueGreenSignal>, actor = 'system', evidence?: HealthCheck): void {
    this.#take({ ...signal, at: this.#host.clock.now() } as BlueGreenSignal, actor, evidence);
  }

  /** Requests come here with their time: nothing is copied on their way. */
  #take(signal: BlueGreenSignal, actor: string, evidence?: HealthCheck): void {
    const { plan, events, name } = this.#host;
    const from = this.#state;
    const { state, reason } = transition(from, signal, plan);
    this.#enter(state);
    if (signal.type === 'prepared') this.#askAnew();
    if (state !== from) this.sharing.revision += 1;
    if (reason === undefined) return;
    const event = {
      type: 'transition',
      from: from.phase,
      to: state.phase,
      reason,
      evidence: evidence ?? this.check(),
      actor,
    } as const;
    events.emit(event);
    this.#tell({ ...event, at: signal.at, strategy: name });
  }

  toJSON(): SavedEngine {
    return {
      state: this.#state as unknown as Json,
      revision: this.sharing.revision,
      asked: this.#asked ?? null,
      evidence: this.#host.monitor.toJSON(),
      bursts: this.#bursts.toJSON(),
    };
  }

  /** @throws SnapshotError */
  load(saved: SavedEngine): void {
    const state = readBlueGreenState(saved.state);
    this.#host.monitor.load(saved.evidence);
    this.#bursts.load(saved.bursts);
    this.#state = state;
    this.sharing.revision = saved.revision;
    this.#asked = saved.asked ?? undefined;
    this.#host.monitor.stage = Math.max(0, this.stage);
  }

  /** Takes over another replica's phase. Hooks run where it was decided; here it is an event. */
  #follow(state: BlueGreenState): void {
    const from = this.#state.phase;
    this.#enter(state);
    const { phase: to, reason } = state;
    this.#host.events.emit({ type: 'transition', from, to, reason, evidence: undefined, actor: 'replica' });
  }

  #enter(state: BlueGreenState): void {
    const { run, phase } = this.#state;
    this.#state = state;
    if (state.run !== run) this.#host.monitor.clear();
    if (state.run !== run || (state.phase === 'green' && phase !== 'green')) this.#bursts.clearCanary();
    if (this.stage >= 0) this.#host.monitor.stage = this.stage;
  }

  /** A new preparation has no approvals: its gates are asked again. */
  #askAnew(): void {
    this.#asked = undefined;
    this.#question += 1;
  }

  /** Asks the gate's hook, once. */
  #ask(): void {
    const { plan, events, clock, name } = this.#host;
    const gate = openGate(this.#state, plan);
    const asked = `${this.#state.run}/${gate}`;
    if (gate === undefined || asked === this.#asked) return;
    this.#asked = asked;
    this.#question += 1;
    const event = { type: 'gate', gate, evidence: this.check(), actor: 'system' } as const;
    events.emit(event);
    this.hooks.ask(this.#options.hooks?.gate, { ...event, at: clock.now(), strategy: name }, this.#gate);
  }

  /** Passes the gate that waits. @throws IllegalTransitionError */
  approve(actor: string): void {
    this.signal({ type: 'approve' }, actor);
    this.judge();
  }

  #tell(event: BlueGreenTransitionEvent): void {
    const { switched, returned, settled } = this.#options.hooks ?? {};
    if (event.to === 'green') this.hooks.tell('switched', switched, event);
    if (event.to === 'returned') this.hooks.tell('returned', returned, event);
    if (event.to === 'settled') this.hooks.tell('settled', settled, event);
  }
}
