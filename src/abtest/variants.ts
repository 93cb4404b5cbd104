import { checkDistinct, checkName, checkOneOf, checkOptions, checkShare, checkShares } from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type { AnyModel, OutputOf, SharedInput } from '../core/Model.ts';

/** A variant with more than its model. */
export interface VariantSpec<M extends AnyModel = AnyModel> {
  readonly model: M;
  /** The fraction of the experiment's traffic, within [0, 1]. @defaultValue equal parts; the champion takes what is left */
  readonly trafficShare?: number;
  /** Which build of the model this is. Results of different versions are never pooled. @defaultValue '1' */
  readonly version?: string;
  /**
   * What the model goes on learning from while it is tested: from the truths of requests that it answered itself (`own`),
   * or of all (`all`). Either is a feedback loop, and the summary warns. @defaultValue 'nothing'
   */
  readonly learnsFrom?: 'nothing' | 'own' | 'all';
}

/** A variant: a model, or one with its share and version. */
export type VariantInput = AnyModel | VariantSpec;

/** Several challengers by name. */
export type VariantInputs = Readonly<Record<string, VariantInput>>;

/** The model of a variant. */
export type VariantModel<V> = V extends VariantSpec<infer M> ? M : V;

/** The models of a whole test: champion, challenger, and challengers by name. */
export type TestModels<C, X, R> = VariantModel<C> | VariantModel<X> | VariantModel<R[keyof R]>;

/** What a test over these models takes. */
export type TestInput<C, X, R> = SharedInput<TestModels<C, X, R>>;

/** What a test over these models returns. */
export type TestOutput<C, X, R> = OutputOf<TestModels<C, X, R>>;

/** The variants of a test, champion first. */
export interface Variants {
  readonly names: readonly string[];
  readonly models: Readonly<Record<string, unknown>>;
  readonly versions: readonly string[];
  readonly shares: readonly number[];
  readonly learnsFrom: readonly ('nothing' | 'own' | 'all')[];
}

interface VariantsInput {
  readonly champion: VariantInput;
  readonly challenger?: VariantInput | undefined;
  readonly challengers?: VariantInputs | undefined;
}

/** Checks the variants and fills in shares and versions. @throws InvalidOptionError */
export function resolveVariants({ champion, challenger, challengers }: VariantsInput): Variants {
  if (challengers !== undefined && (typeof challengers !== 'object' || challengers === null)) {
    throw new InvalidOptionError('challengers', challengers, 'models by name');
  }
  const several = challengers === undefined ? [] : Object.entries(challengers);
  if ((challenger === undefined) === (several.length === 0)) {
    throw new InvalidOptionError('challenger', challenger, 'given, or challengers with at least one, not both');
  }
  const others: (readonly [string, VariantInput])[] = challenger === undefined ? several : [['challenger', challenger]];
  const names = ['champion', ...others.map(([name]) => checkName('challengers', name))];
  checkDistinct('challengers', names);
  const specs = [specOf('champion', champion), ...others.map(([name, input]) => specOf(name, input))];
  const shares = resolveShares(specs);
  return {
    names,
    models: Object.fromEntries(specs.map(({ model }, i) => [names[i]!, model])),
    versions: specs.map(({ version = '1' }) => checkName('version', version)),
    shares,
    learnsFrom: specs.map(({ learnsFrom = 'nothing' }) =>
      checkOneOf('learnsFrom', learnsFrom, ['nothing', 'own', 'all']),
    ),
  };
}

function specOf(option: string, input: VariantInput): VariantSpec {
  const spec = input as Partial<VariantSpec> | null | undefined;
  const wrapped = typeof spec === 'object' && spec !== null && 'model' in spec && !('predict' in spec);
  if (!wrapped) return { model: input as AnyModel };
  checkOptions(option, spec, ['model', 'trafficShare', 'version', 'learnsFrom']);
  return spec as VariantSpec;
}

/** Challengers without a share get equal parts of the whole; the champion what is left. */
function resolveShares(specs: readonly VariantSpec[]): readonly number[] {
  const [champion, ...challengers] = specs;
  const each = challengers.map(({ trafficShare }) => checkShare('trafficShare', trafficShare ?? 1 / specs.length));
  const taken = each.reduce((sum, share) => sum + share, 0);
  if (taken > 1 + 1e-9) {
    throw new InvalidOptionError('trafficShare', taken, 'challengers whose shares sum to at most 1');
  }
  const rest = champion!.trafficShare ?? Math.max(0, 1 - taken);
  return checkShares('trafficShare', [checkShare('champion.trafficShare', rest), ...each]);
}
